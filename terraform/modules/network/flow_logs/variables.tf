variable "name" {
  description = "Name of the network, and start of the names here."
  type        = string
}

variable "vpc_id" {
  description = "Network whose traffic is logged."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the logs; its policy lets CloudWatch Logs use it."
  type        = string
}

variable "retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role may ever do; null: none."
  type        = string
  default     = null
}
