variable "name_prefix" {
  description = "Start of every name; with the suffix the environment's name."
  type        = string
}

variable "suffix" {
  description = "End of every name."
  type        = string
  default     = ""
}

variable "package_directory" {
  description = "Folder of what Airflow runs: dags/, plugins.zip, requirements.txt and startup.sh."
  type        = string

  validation {
    condition     = alltrue([for file in ["plugins.zip", "requirements.txt", "startup.sh"] : fileexists("${var.package_directory}/${file}")])
    error_message = "What Airflow runs isn't built: run `tm-lakehouse package`."
  }
}

variable "variables" {
  description = "Variables that every DAG sees, from the startup script."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.variables) : can(regex("^TM_[A-Z0-9_]+$", name))])
    error_message = "The variables of this platform are named TM_."
  }
}

variable "bucket" {
  description = "Versioned bucket of the DAGs; its key encrypts the environment and its logs too, as MWAA asks."
  type        = object({ name = string, arn = string, kms_key_arn = string })
}

variable "network" {
  description = "Network and its two private subnets."
  type        = object({ vpc_id = string, private_subnet_ids = list(string) })

  validation {
    condition     = length(var.network.private_subnet_ids) == 2
    error_message = "MWAA takes exactly two subnets."
  }
}

variable "lake_buckets" {
  description = "What DAGs may do in each of the lake's buckets, as module iam/role takes it."
  type        = map(object({ arn = string, kms_key_arn = string, prefixes = map(string) }))
  default     = {}
}

variable "job_names" {
  description = "Glue jobs that DAGs may start, watch and stop."
  type        = set(string)
}

variable "role_arns" {
  description = "Roles that tasks may assume, such as dbt's."
  type        = set(string)
  default     = []
}

variable "databases" {
  description = "Glue databases whose tables DAGs keep in shape: they see the tables and their optimizers, not their rows."
  type        = set(string)
  default     = []
}

variable "event_queue_arns" {
  description = "Queues whose events start DAGs."
  type        = set(string)
  default     = []
}

variable "alerts" {
  description = "Topic that tells of failures, and its key: their ARNs."
  type        = object({ topic_arn = string, kms_key_arn = string })
}

variable "settings" {
  description = "Version, size and access of the environment. configuration: Airflow's options as section.name."
  type = object({
    airflow_version      = optional(string, "3.0.6")
    environment_class    = optional(string, "mw1.small")
    min_workers          = optional(number, 1)
    max_workers          = optional(number, 3)
    schedulers           = optional(number, 2)
    is_web_server_public = optional(bool, false)
    log_level            = optional(string, "INFO")
    configuration        = optional(map(string), {})
  })
  default = {}

  validation {
    condition     = startswith(var.settings.airflow_version, "3.")
    error_message = "The DAGs are written for Airflow 3."
  }

  validation {
    condition     = contains(["mw1.micro", "mw1.small", "mw1.medium", "mw1.large", "mw1.xlarge", "mw1.2xlarge"], var.settings.environment_class)
    error_message = "MWAA's classes are mw1.micro, mw1.small, mw1.medium, mw1.large, mw1.xlarge and mw1.2xlarge."
  }

  validation {
    condition     = var.settings.min_workers >= 1 && var.settings.min_workers <= var.settings.max_workers && var.settings.max_workers <= 25
    error_message = "There are 1 to 25 workers."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the execution role may ever do; null: none."
  type        = string
  default     = null
}
