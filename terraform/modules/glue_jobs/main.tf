locals {
  scripts = { for script in toset([for job in values(var.jobs) : job.script]) : script => "jobs/spark/${script}" }
  wheels  = toset(flatten([for job in values(var.jobs) : ["${job.wheels}.gluewheels.zip", "${job.wheels}_with_package.gluewheels.zip"]]))
  jars    = toset(flatten([for job in values(var.jobs) : job.extra_jars]))
  libraries = merge(
    { "tm_lakehouse.zip" = "jobs/tm_lakehouse.zip" },
    { for name in local.wheels : name => "jobs/wheels/${name}" },
    { for name in local.jars : name => "jobs/jars/${name}" },
  )

  code = "s3://${var.code_bucket}"
  package_arguments = { for name, job in var.jobs : name => {
    zip = {
      "--extra-py-files"            = "${local.code}/${local.libraries["tm_lakehouse.zip"]}"
      "--additional-python-modules" = "${local.code}/${local.libraries["${job.wheels}.gluewheels.zip"]}"
    }
    script = {
      "--additional-python-modules" = "${local.code}/${local.libraries["${job.wheels}_with_package.gluewheels.zip"]}"
    }
  }[var.packaging] }
  jar_arguments = { for name, job in var.jobs : name => {
    for argument in ["--extra-jars"] : argument => join(",", [for jar in job.extra_jars : "${local.code}/${local.libraries[jar]}"])
    if length(job.extra_jars) > 0
  } }

  arguments = merge(
    {
      "--datalake-formats"                = "iceberg"
      "--enable-job-insights"             = "true"
      "--enable-metrics"                  = "true"
      "--enable-observability-metrics"    = "true"
      "--enable-spark-ui"                 = "true"
      "--spark-event-logs-path"           = "s3://${var.event_log_bucket}/spark-event-logs/"
      "--TempDir"                         = "${local.code}/temporary/glue/"
      "--python-modules-installer-option" = "--no-index"
    },
    { for name, value in var.environment : "--${name}" => value },
  )
}

resource "aws_s3_object" "code" {
  for_each = merge(local.scripts, local.libraries)

  bucket      = var.code_bucket
  key         = each.value
  source      = "${var.package_directory}/${each.key}"
  source_hash = filesha256("${var.package_directory}/${each.key}")
}

resource "aws_glue_job" "this" {
  #checkov:skip=CKV_AWS_195: a security configuration would rename the log groups; the buckets and log groups encrypt with the zones' keys
  for_each = var.jobs

  name              = "${var.name_prefix}-${replace(each.key, "_", "-")}${var.suffix}"
  description       = each.value.description
  role_arn          = coalesce(each.value.role_arn, var.role_arn)
  glue_version      = var.glue_version
  execution_class   = "STANDARD"
  worker_type       = each.value.worker_type
  number_of_workers = each.value.workers
  timeout           = each.value.timeout_minutes
  max_retries       = 0
  default_arguments = merge(local.arguments, local.package_arguments[each.key], local.jar_arguments[each.key], each.value.arguments)

  command {
    name            = "glueetl"
    script_location = "${local.code}/${aws_s3_object.code[each.value.script].key}"
    python_version  = "3"
  }

  execution_property {
    max_concurrent_runs = each.value.max_concurrent_runs
  }

  depends_on = [aws_s3_object.code]
}

resource "aws_glue_trigger" "this" {
  for_each = { for name, job in var.jobs : name => job.trigger if job.trigger != null }

  name        = aws_glue_job.this[each.key].name
  description = "Starts ${aws_glue_job.this[each.key].name}."
  type        = each.value.schedule == null ? "ON_DEMAND" : "SCHEDULED"
  schedule    = each.value.schedule

  actions {
    job_name  = aws_glue_job.this[each.key].name
    arguments = each.value.arguments
  }
}
