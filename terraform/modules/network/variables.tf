variable "name_prefix" {
  description = "Start of every name."
  type        = string
}

variable "suffix" {
  description = "End of every name."
  type        = string
  default     = ""
}

variable "cidr_block" {
  description = "Addresses of the network, a /16 to /24: a quarter of them for each of the two private subnets."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr_block, 0)) && try(tonumber(split("/", var.cidr_block)[1]) >= 16 && tonumber(split("/", var.cidr_block)[1]) <= 24, false)
    error_message = "The network is a block from /16 to /24, such as 10.42.0.0/24."
  }
}

variable "zone_letters" {
  description = "Letters of the two availability zones. Named, not looked up: a zone that AWS adds must move no subnet."
  type        = list(string)
  default     = ["a", "b"]

  validation {
    condition     = length(distinct(var.zone_letters)) == 2 && length(var.zone_letters) == 2
    error_message = "The network has two zones, since MWAA takes two subnets."
  }
}

variable "way_out" {
  description = "How the private subnets reach AWS: nat (and the internet with it), or endpoints (AWS's services only)."
  type        = string
  default     = "nat"

  validation {
    condition     = contains(["nat", "endpoints"], var.way_out)
    error_message = "The way out is nat or endpoints."
  }
}

variable "endpoint_services" {
  description = "Services with an endpoint in the network, where there is no NAT; S3 always has one."
  type        = set(string)
  default     = ["airflow.api", "airflow.env", "airflow.ops", "athena", "glue", "kms", "logs", "monitoring", "sns", "sqs", "sts"]
}

variable "log_key_arn" {
  description = "Key that encrypts the flow logs; its policy lets CloudWatch Logs use it."
  type        = string
}

variable "log_retention_days" {
  description = "How long flow logs are kept."
  type        = number
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the flow logs' role may ever do; null: none."
  type        = string
  default     = null
}
