variable "name_prefix" {
  description = "Start of every role's name."
  type        = string
}

variable "suffix" {
  description = "End of every role's name."
  type        = string
  default     = ""
}

variable "zones" {
  description = "The zones' buckets, as module buckets gives them."
  type        = map(object({ name = string, arn = string, kms_key_arn = string }))

  validation {
    condition     = length(setsubtract(["landing", "source", "serve", "quarantine", "observability"], keys(var.zones))) == 0
    error_message = "The roles are written for the zones landing, source, serve, quarantine and observability."
  }
}

variable "databases" {
  description = "Names of the databases silver, gold, gold_build and observability in the catalog."
  type        = object({ silver = string, gold = string, gold_build = string, observability = string })
}

variable "workgroup" {
  description = "Athena workgroup of the lake."
  type        = string
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what every role here may ever do; null: none."
  type        = string
  default     = null
}

variable "people" {
  description = "Who may assume the roles of people and of dbt: ARNs of roles or users. Empty: whoever the account's own policies allow."
  type        = set(string)
  default     = []
}

variable "orchestrators" {
  description = "ARNs of the roles that work under dbt's role in the pipeline, besides people."
  type        = set(string)
  default     = []
}
