variable "name_prefix" {
  description = "Start of every bucket's name."
  type        = string
}

variable "suffix" {
  description = "End of every bucket's name, e.g. -123456789012: S3 names are global."
  type        = string
  default     = ""
}

variable "zones" {
  description = "The lake's zones, by short name: the word in the bucket's name, what expires there after how many days (by prefix), and the AWS services that must be able to use the zone's key."
  type = map(object({
    bucket                = string
    expire_days_by_prefix = optional(map(number), {})
    key_services          = optional(set(string), [])
  }))
}

variable "keep_noncurrent_days" {
  description = "How long a replaced or deleted object can be brought back."
  type        = number
  default     = 30
}

variable "keep_access_logs_days" {
  description = "How long the buckets' access logs are kept."
  type        = number
  default     = 90
}

variable "key_deletion_days" {
  description = "How long a removed key can be brought back, and with it what it encrypted (7 to 30)."
  type        = number
  default     = 30

  validation {
    condition     = var.key_deletion_days >= 7 && var.key_deletion_days <= 30
    error_message = "KMS waits 7 to 30 days before it deletes a key."
  }
}

variable "force_destroy" {
  description = "Whether destroying a bucket deletes what it holds."
  type        = bool
  default     = false
}
