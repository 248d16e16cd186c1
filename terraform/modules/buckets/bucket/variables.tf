variable "name" {
  description = "Name of the bucket: global, so each AWS account needs its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and hyphens, and neither starts nor ends with a hyphen."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts what is written here; null: S3's own key (the only one a target of access logs may have)."
  type        = string
  default     = null
}

variable "access_log_bucket" {
  description = "Bucket that receives this one's access logs; null for the bucket of access logs itself."
  type        = string
  default     = null
}

variable "policy" {
  description = "Further statements of the bucket's policy, as JSON; null: only the refusal of unencrypted transport."
  type        = string
  default     = null
}

variable "expire_days_by_prefix" {
  description = "After how many days the current objects under a prefix expire. Prefixes not named here are kept for ever."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for days in values(var.expire_days_by_prefix) : days > 0])
    error_message = "Objects expire after at least one day."
  }

  # An Iceberg table expires by snapshot: S3 does not know which files it still needs.
  validation {
    condition     = alltrue([for prefix in keys(var.expire_days_by_prefix) : !startswith("warehouse/", prefix) && !startswith(prefix, "warehouse/")])
    error_message = "Nothing under warehouse/ may expire: S3 does not know which files an Iceberg table still needs."
  }
}

variable "keep_noncurrent_days" {
  description = "How long a replaced or deleted object can be brought back."
  type        = number

  validation {
    condition     = var.keep_noncurrent_days > 0
    error_message = "Keep replaced objects for at least one day."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes what it holds."
  type        = bool
  default     = false
}
