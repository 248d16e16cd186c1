variable "repository" {
  description = "Repository whose workflows assume the roles, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "A repository is owner/name, without wildcards."
  }
}

variable "provider_arn" {
  description = "The account's provider for GitHub's tokens, where it has one already; null: it is made."
  type        = string
  default     = null
}

variable "roles" {
  description = "The roles, each for the jobs of one of GitHub's environments; policy_arns by a short name that is known before they are made."
  type = map(object({
    name               = string
    description        = string
    github_environment = string
    policy_arns        = map(string)
  }))

  validation {
    condition     = alltrue([for role in values(var.roles) : can(regex("^[A-Za-z0-9_.-]+$", role.github_environment))])
    error_message = "One environment for each role, named exactly: a wildcard would let in other workflows."
  }

  validation {
    condition     = length(distinct([for role in values(var.roles) : role.github_environment])) == length(var.roles)
    error_message = "Two roles of one environment: each job could choose the stronger one."
  }
}
