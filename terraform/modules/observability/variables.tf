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
