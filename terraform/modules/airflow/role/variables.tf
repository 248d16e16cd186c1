variable "name" {
  description = "Name of the role."
  type        = string
}

variable "environment" {
  description = "Name of the MWAA environment that works under the role."
  type        = string
}

variable "account_id" {
  description = "Account of the environment."
  type        = string
}

variable "region" {
  description = "Region of the environment."
  type        = string
}

variable "bucket" {
  description = "Bucket of the DAGs, and its key."
  type        = object({ name = string, arn = string, kms_key_arn = string })
}

variable "lake_buckets" {
  description = "What DAGs may do in each of the lake's buckets, as module iam/role takes it."
  type        = map(object({ arn = string, kms_key_arn = string, prefixes = map(string) }))
  default     = {}
}

variable "job_names" {
  description = "Glue jobs that DAGs may start, watch and stop."
  type        = set(string)

  validation {
    condition     = length(var.job_names) > 0
    error_message = "Without a job there is nothing to conduct."
  }
}

variable "role_arns" {
  description = "Roles that tasks may assume."
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

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role may ever do; null: none."
  type        = string
  default     = null
}
