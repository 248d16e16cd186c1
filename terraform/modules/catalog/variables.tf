variable "databases" {
  description = "The lake's databases, by short name (silver, gold, observability): the name in the catalog, what it holds, and where its tables lie by default."
  type = map(object({
    name        = string
    description = string
    location    = string
  }))

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^[a-z0-9_]+$", database.name))])
    error_message = "Athena takes lower-case letters, digits and underscores in a database's name."
  }

  validation {
    condition     = length(distinct([for database in values(var.databases) : trimsuffix(database.location, "/")])) == length(var.databases)
    error_message = "Two databases may not share a location: a table's files would lie under both."
  }
}

variable "run_summaries_location" {
  description = "Where the Silver job writes its run summaries, as s3://bucket/prefix/."
  type        = string
}

variable "quarantine_location" {
  description = "Where the Silver job sets records aside, as s3://bucket/prefix/."
  type        = string
}
