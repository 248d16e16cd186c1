variable "environment" {
  description = "Name of the environment, for tags."
  type        = string
}

variable "platform" {
  description = "Label that processes see as TM_ENV: local or aws. Nothing branches on it."
  type        = string

  validation {
    condition     = contains(["local", "aws"], var.platform)
    error_message = "The platform is local or aws."
  }
}

variable "allowed_account_ids" {
  description = "Accounts that this environment may be applied to: credentials of another one are refused. Null: any."
  type        = list(string)
  default     = null

  validation {
    condition     = alltrue([for id in coalesce(var.allowed_account_ids, []) : can(regex("^[0-9]{12}$", id))])
    error_message = "An AWS account's id has 12 digits."
  }
}

variable "name_prefix" {
  description = "Start of every name."
  type        = string
}

variable "suffix" {
  description = "End of every name, e.g. -123456789012: bucket names are global, so each account needs its own."
  type        = string
  default     = ""

  validation {
    condition     = var.suffix == "" || can(regex("^-[a-z0-9-]*[a-z0-9]$", var.suffix))
    error_message = "The suffix is empty, or a hyphen and lower-case letters, digits and hyphens."
  }
}

variable "databases" {
  description = "Names of the databases in the Glue catalog. gold_build: where Gold is built and tested before readers see it; by default gold's name and _build."
  type        = object({ silver = string, gold = string, gold_build = optional(string), observability = string })
  default     = { silver = "silver", gold = "gold", observability = "observability" }
}

variable "adopt_buckets" {
  description = "Zones whose bucket exists already and is taken over, with what it holds, at the first apply (landing, source, serve, quarantine, observability)."
  type        = set(string)
  default     = []
}

variable "adopt_log_groups" {
  description = "Log groups that exist already and are taken over at the first apply (output, error): Glue makes them with an account's first job."
  type        = set(string)
  default     = []
}

variable "force_destroy" {
  description = "Whether destroy deletes what the buckets hold. Where it is false, destroy stops at a bucket that is not empty."
  type        = bool
}

variable "keep_days" {
  description = "After how many days things go: replaced or deleted objects, access logs, query results, quarantined records, Spark's event logs, job logs, removed keys."
  type = object({
    noncurrent       = number
    access_logs      = number
    athena_results   = number
    quarantine       = number
    spark_event_logs = number
    job_logs         = number
    keys             = number
  })
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what every role here may ever do; null: none."
  type        = string
  default     = null
}

variable "people" {
  description = "ARNs of the roles or users that may assume the reader's and dbt's roles. Empty: whoever the account's own policies allow."
  type        = set(string)
  default     = []
}

variable "alert_emails" {
  description = "Addresses that get the alerts."
  type        = set(string)
  default     = []
}

variable "alarms" {
  description = "When to be told: days without a new round, percent of a run's records that were set aside, dollars that builds of Gold cost in a day."
  type = object({
    late_after_days      = optional(number, 2)
    quarantined_percent  = optional(number, 5)
    gold_dollars_per_day = optional(number, 5)
  })
  default = {}
}

variable "monthly_budget" {
  description = "Dollars a month, and (optionally) the services that count, by their names in the bill; null: no budget."
  type = object({
    dollars  = number
    services = optional(list(string))
  })
  default = null
}

variable "packaging" {
  description = "How the Glue job finds its modules: zip (the package as --extra-py-files) or script (the package as an installed wheel)."
  type        = string
  default     = "zip"
}

variable "package_directory" {
  description = "Folder of what `tm-lakehouse package` built."
  type        = string
  default     = "../../build/package"
}

variable "airflow_package_directory" {
  description = "Folder of what Airflow runs, as `tm-lakehouse package` built it; only read where the orchestrator is mwaa."
  type        = string
  default     = "../../build/package/airflow"
}

variable "silver_job" {
  description = "Capacity and limits of the job from landing to Silver, and when a trigger starts it."
  type = object({
    glue_version        = optional(string, "5.1")
    worker_type         = optional(string, "G.1X")
    workers             = optional(number, 2)
    timeout_minutes     = optional(number, 60)
    max_concurrent_runs = optional(number, 10)
    trigger             = optional(object({ schedule = optional(string), arguments = optional(map(string), {}) }))
  })
  default = {}
}

variable "geometry_job" {
  description = "Capacity and limits of the optional job from Silver to section outlines and fix density, and when a trigger starts it. Null: no such job; {}: the defaults."
  type = object({
    worker_type     = optional(string, "G.1X")
    workers         = optional(number, 2)
    timeout_minutes = optional(number, 60)
    trigger         = optional(object({ schedule = optional(string), arguments = optional(map(string), {}) }))
  })
  default = null
}

variable "scan_limit_bytes" {
  description = "An Athena query that scans more than this is cancelled."
  type        = number
}

variable "api" {
  description = "The API that `tm-lakehouse ingest` fetches rounds from: its address, and the seconds it may stay silent. A secret for its key is made; put the value yourself. Null: course files only, no secret."
  type = object({
    base_url        = string
    timeout_seconds = optional(number, 30)
  })
  default = null

  validation {
    condition     = alltrue([for url in var.api[*].base_url : can(regex("^https?://[^\\s/?#@]+(/[^\\s?#@]*)?$", url))])
    error_message = "The API's address is a scheme, a host and perhaps a path: no credentials, no query."
  }

  validation {
    condition     = alltrue([for seconds in var.api[*].timeout_seconds : seconds > 0])
    error_message = "The API may stay silent for more than 0 seconds."
  }
}

variable "rules" {
  description = "Rules of the data that an environment may change: coordinate bounds, whether a course name that doesn't match is an error, how many fixes make a section."
  type = object({
    coord_min_lon                  = optional(number, -180)
    coord_max_lon                  = optional(number, 180)
    coord_min_lat                  = optional(number, -90)
    coord_max_lat                  = optional(number, 90)
    strict_course_match            = optional(bool, false)
    topology_min_fixes_per_section = optional(number, 25)
  })
  default = {}

  validation {
    condition     = var.rules.coord_min_lon < var.rules.coord_max_lon && var.rules.coord_min_lat < var.rules.coord_max_lat
    error_message = "A lower bound of coordinates lies under its upper bound."
  }
}

variable "orchestrator" {
  description = "What conducts the pipeline: mwaa (an Airflow environment in a network of its own), external (an Airflow that runs elsewhere and is told of landed files), or none (whoever calls the command line)."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["mwaa", "external", "none"], var.orchestrator)
    error_message = "The orchestrator is mwaa, external or none."
  }
}

variable "airflow" {
  description = "Version, size and access of the Airflow environment, where the orchestrator is mwaa. configuration: Airflow's options as section.name."
  type = object({
    airflow_version      = optional(string, "3.0.6")
    environment_class    = optional(string, "mw1.small")
    min_workers          = optional(number, 1)
    max_workers          = optional(number, 3)
    schedulers           = optional(number, 2)
    is_web_server_public = optional(bool, false)
    log_level            = optional(string, "INFO")
    configuration        = optional(map(string), {})
  })
  default = {}
}

variable "network" {
  description = "Airflow's network: its addresses, the letters of its two availability zones, and its way out: nat, or endpoints (AWS's services only)."
  type = object({
    cidr_block   = optional(string, "10.42.0.0/24")
    zone_letters = optional(list(string), ["a", "b"])
    way_out      = optional(string, "nat")
  })
  default = {}
}
