variable "name" {
  description = "Name of the role."
  type        = string
}

variable "description" {
  description = "Who works under the role, and at what."
  type        = string
}

variable "account_id" {
  description = "Account that the role and all it may touch belong to."
  type        = string
}

variable "region" {
  description = "Region of what it may touch."
  type        = string
}

variable "trust_policy" {
  description = "Who may assume the role, as JSON."
  type        = string
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role may ever do; null: none."
  type        = string
  default     = null
}

variable "buckets" {
  description = "What the role may do in each bucket: the bucket, its key, and the access to each prefix (list: names only, read, add: new objects only, extend: read and add, change: add and delete, write: all of it)."
  type = map(object({
    arn         = string
    kms_key_arn = string
    prefixes    = map(string)
  }))
  default = {}

  validation {
    condition     = alltrue(flatten([for bucket in values(var.buckets) : [for access in values(bucket.prefixes) : contains(["list", "read", "add", "extend", "change", "write"], access)]]))
    error_message = "Access to a prefix is list, read, add, extend, change or write."
  }

  validation {
    condition     = alltrue(flatten([for bucket in values(var.buckets) : [for prefix in keys(bucket.prefixes) : length(prefix) > 1]]))
    error_message = "Name the prefixes: no role may touch a whole bucket."
  }
}

variable "databases" {
  description = "What the role may do with the tables of each database, by its name: read, update, or create (and update)."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for access in values(var.databases) : contains(["read", "update", "create"], access)])
    error_message = "Access to a database is read, update or create."
  }
}

variable "queries" {
  description = "Athena workgroup in which the role may query, and its rights there: run, watch (also what others ran), or browse (also saved queries and the catalog); null: none."
  type = object({
    workgroup = string
    rights    = string
  })
  default = null

  validation {
    condition     = alltrue([for queries in var.queries[*] : contains(["run", "watch", "browse"], queries.rights)])
    error_message = "Rights to queries are run, watch or browse."
  }
}

variable "log_groups" {
  description = "Start of the names of the log groups that the role writes to."
  type        = set(string)
  default     = []
}

variable "metric_namespaces" {
  description = "CloudWatch namespaces in which the role may publish metrics."
  type        = set(string)
  default     = []
}

variable "further_policy" {
  description = "What the role may do besides, as JSON; null: nothing."
  type        = string
  default     = null
}
