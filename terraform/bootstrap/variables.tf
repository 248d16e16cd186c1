variable "environment" {
  description = "Name of the environment: the jobs of GitHub's environment of this name apply, those of NAME-plan plan."
  type        = string
}

variable "allowed_account_ids" {
  description = "Accounts that this may be applied to: credentials of another one are refused. Null: any."
  type        = list(string)
  default     = null
}

variable "name_prefix" {
  description = "Start of the names of all that the lakehouse is made of."
  type        = string
}

variable "suffix" {
  description = "End of those names."
  type        = string
  default     = ""
}

variable "state_bucket" {
  description = "Bucket of Terraform's state; it exists already."
  type        = string
}

variable "state_object" {
  description = "Key of the lakehouse's own state in that bucket."
  type        = string
}

variable "may_delete_data" {
  description = "Whether an apply may delete what the buckets hold."
  type        = bool
  default     = false
}

variable "github_repository" {
  description = "Repository whose workflows deploy, as owner/name."
  type        = string
}

variable "github_oidc_provider_arn" {
  description = "The account's provider for GitHub's tokens, where it has one already; null: it is made."
  type        = string
  default     = null
}

variable "databases" {
  description = "Names of the lakehouse's databases in the Glue catalog."
  type        = set(string)
  default     = ["silver", "gold", "gold_build", "observability"]
}
