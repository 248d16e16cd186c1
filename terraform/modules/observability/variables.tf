variable "name_prefix" {
  description = "Start of the names of topic, rule and alarms."
  type        = string
}

variable "suffix" {
  description = "End of the names of topic, rule and alarms."
  type        = string
  default     = ""
}

variable "kms_key_arn" {
  description = "Key that encrypts logs and alerts; its policy lets CloudWatch Logs, CloudWatch alarms and EventBridge use it."
  type        = string
}

variable "log_groups" {
  description = "Log groups of the jobs, by short name. Glue would make them itself, unencrypted and kept for ever."
  type        = map(string)
  default = {
    output = "/aws-glue/jobs/output"
    error  = "/aws-glue/jobs/error"
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "job_names" {
  description = "Names of the Glue jobs that are watched."
  type        = set(string)
}

variable "alert_emails" {
  description = "Addresses that get the alerts; each has to confirm once."
  type        = set(string)
  default     = []
}

variable "metric_namespace" {
  description = "CloudWatch namespace of what the lake itself measures."
  type        = string
}

variable "workgroup" {
  description = "Athena workgroup whose cancelled queries are told."
  type        = string
}

variable "alarms" {
  description = "When to be told: days without a new round, percent of a run's records that were set aside, dollars that builds of Gold cost in a day."
  type = object({
    late_after_days      = optional(number, 2)
    quarantined_percent  = optional(number, 5)
    gold_dollars_per_day = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([1, 2, 3, 4, 5, 6, 7], var.alarms.late_after_days)
    error_message = "CloudWatch looks back 7 days at most: late_after_days is a whole number from 1 to 7."
  }

  validation {
    condition     = var.alarms.quarantined_percent >= 0 && var.alarms.quarantined_percent < 100
    error_message = "quarantined_percent is from 0 to under 100."
  }
}

variable "monthly_budget" {
  description = "Dollars a month, and the services that count, by their names in the bill; null: no budget."
  type = object({
    dollars  = number
    services = optional(list(string), ["Amazon Athena", "AWS Glue", "Amazon Simple Storage Service", "Amazon Managed Workflows for Apache Airflow", "AWS Key Management Service", "AmazonCloudWatch"])
  })
  default = null
}
