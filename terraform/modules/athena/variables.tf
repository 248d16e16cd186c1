variable "name" {
  description = "Name of the workgroup."
  type        = string
}

variable "results_location" {
  description = "Where the results of every query go, as s3://bucket/prefix/; a client can't choose another place."
  type        = string

  validation {
    condition     = can(regex("^s3://[^/]+/.+/$", var.results_location))
    error_message = "Results go under a prefix: s3://bucket/prefix/."
  }
}

variable "results_key_arn" {
  description = "Key that encrypts the results."
  type        = string
}

variable "scan_limit_bytes" {
  description = "A query that scans more than this is cancelled (10 MB at least)."
  type        = number

  validation {
    condition     = var.scan_limit_bytes >= 10485760
    error_message = "Athena takes no scan limit under 10 MB (10485760 bytes)."
  }
}

variable "databases" {
  description = "Names of the databases silver, gold and observability in the catalog."
  type        = object({ silver = string, gold = string, observability = string })
}

variable "force_destroy" {
  description = "Whether the workgroup can be destroyed with the queries it holds."
  type        = bool
  default     = false
}
