variable "name_prefix" {
  description = "Start of the names of all that the lakehouse is made of."
  type        = string
}

variable "suffix" {
  description = "End of those names."
  type        = string
  default     = ""
}

variable "state" {
  description = "Where Terraform's state lies: the bucket, its key, and the state object of the lakehouse."
  type        = object({ bucket = string, kms_key_arn = string, object = string })
}

variable "may_delete_data" {
  description = "Whether an apply may delete what the buckets hold: for environments that are destroyed with their data."
  type        = bool
  default     = false
}

variable "databases" {
  description = "Names of the lakehouse's databases in the Glue catalog."
  type        = set(string)
  default     = ["silver", "gold", "gold_build", "observability"]
}
