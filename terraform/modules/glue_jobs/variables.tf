variable "name_prefix" {
  description = "Start of every job's name."
  type        = string
}

variable "suffix" {
  description = "End of every job's name."
  type        = string
  default     = ""
}

variable "jobs" {
  description = "The jobs, by the arrow they carry out (landing_to_silver): the script's file name in package_directory, the capacity, the limits, and when a trigger starts it (a schedule, or null for a trigger that is fired by hand; no trigger: null). A job's third-party modules are wheels in <wheels>.gluewheels.zip, and with the package in <wheels>_with_package.gluewheels.zip; extra_jars go on its class path. Both are file names in package_directory. role_arn: a role of its own, else the one of all jobs."
  type = map(object({
    description         = string
    script              = string
    role_arn            = optional(string)
    worker_type         = optional(string, "G.1X")
    workers             = optional(number, 2)
    timeout_minutes     = optional(number, 60)
    max_concurrent_runs = optional(number, 10)
    wheels              = optional(string, "silver")
    extra_jars          = optional(list(string), [])
    arguments           = optional(map(string), {})
    trigger = optional(object({
      schedule  = optional(string)
      arguments = optional(map(string), {})
    }))
  }))

  validation {
    condition     = alltrue([for job in values(var.jobs) : contains(["G.025X", "G.1X", "G.2X", "G.4X", "G.8X", "R.1X", "R.2X", "R.4X", "R.8X"], job.worker_type)])
    error_message = "Glue's Spark jobs run on workers G.1X to G.8X or R.1X to R.8X."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : job.workers >= 2])
    error_message = "A Spark job needs two workers at least: one is the driver's."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : job.timeout_minutes > 0 && job.timeout_minutes <= 2880])
    error_message = "A run may take 1 to 2880 minutes."
  }

  validation {
    condition = alltrue(flatten([for job in values(var.jobs) : [
      for file in concat([job.script, "${job.wheels}.gluewheels.zip", "${job.wheels}_with_package.gluewheels.zip"], job.extra_jars) :
      fileexists("${var.package_directory}/${file}")
    ]]))
    error_message = "A job's script, wheels or jars aren't built: run `tm-lakehouse package` for this environment."
  }
}

variable "packaging" {
  description = "How a job finds its modules: zip (the package beside the script, as --extra-py-files) or script (one script, the package installed as a wheel)."
  type        = string
  default     = "zip"

  validation {
    condition     = contains(["zip", "script"], var.packaging)
    error_message = "Packaging is zip or script."
  }
}

variable "package_directory" {
  description = "Folder of the built artifacts: the scripts, tm_lakehouse.zip and the zips of wheels."
  type        = string

  validation {
    condition     = fileexists("${var.package_directory}/tm_lakehouse.zip")
    error_message = "The package isn't built: run `tm-lakehouse package`."
  }
}

variable "glue_version" {
  description = "Version of Glue's runtime; it decides those of Spark, Python and Iceberg."
  type        = string
  default     = "5.1"
}

variable "role_arn" {
  description = "Role that jobs run under which have none of their own."
  type        = string
}

variable "code_bucket" {
  description = "Bucket that holds the jobs' code under jobs/, and their temporary files."
  type        = string
}

variable "event_log_bucket" {
  description = "Bucket that receives Spark's event logs."
  type        = string
}

variable "environment" {
  description = "The TM_ variables of the deployment: every job gets them as arguments."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environment) : startswith(name, "TM_")])
    error_message = "A job's arguments are named TM_: Glue passes no other environment."
  }
}
