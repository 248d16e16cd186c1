data "aws_region" "current" {}

locals {
  has_airflow = var.orchestrator == "mwaa"
  has_events  = var.orchestrator != "none"

  # What an orchestrator sees besides what a job sees.
  conductor_environment = merge({
    TM_ALERT_TOPIC_ARN = module.observability.alert_topic_arn
    TM_DBT_ROLE        = module.iam.role_arns["dbt"]
    TM_TOPOLOGY_ROLE   = module.iam.role_arns["topology"]
  }, { for url in module.landing_events[*].queue_url : "TM_LANDING_EVENTS_URL" => url })

  lake_zones = {
    landing = { bucket = "landing-zone" }
    source  = { bucket = "source-store", expire_days_by_prefix = { "temporary/" = 7 } }
    serve   = { bucket = "serve" }
    quarantine = {
      bucket                = "quarantine"
      expire_days_by_prefix = { "silver/" = var.keep_days.quarantine }
    }
    observability = {
      bucket                = "observability"
      expire_days_by_prefix = { "athena-results/" = var.keep_days.athena_results, "spark-event-logs/" = var.keep_days.spark_event_logs }
      key_services          = ["logs.${data.aws_region.current.name}.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"]
    }
  }
  airflow_zone = { bucket = "airflow", expire_days_by_prefix = {}, key_services = ["logs.${data.aws_region.current.name}.amazonaws.com"] }
  zones        = merge(local.lake_zones, { for zone in ["airflow"] : zone => local.airflow_zone if local.has_airflow })

  bucket            = { for zone, bucket in module.buckets.zones : zone => bucket.name }
  silver_warehouse  = "s3://${local.bucket.source}/warehouse"
  gold_warehouse    = "s3://${local.bucket.serve}/warehouse"
  gold_build        = coalesce(var.databases.gold_build, "${var.databases.gold}_build")
  landing_to_silver = "landing_to_silver"

  silver_to_geometry = "silver_to_geometry"
  geometry_job = { for name, job in { (local.silver_to_geometry) = var.geometry_job } : name => {
    description         = "Derives section outlines and the density of fixes from Silver."
    script              = "course_geometry.py"
    wheels              = "geometry"
    extra_jars          = ["sedona.jar"]
    worker_type         = job.worker_type
    workers             = job.workers
    timeout_minutes     = job.timeout_minutes
    max_concurrent_runs = 1
    trigger             = job.trigger
  } if job != null }

  # What a job sees. A variable that nobody set is left out, so that the reader's own default holds.
  job_environment = { for name, value in {
    TM_ENV                            = var.platform
    TM_BUCKET_LANDING                 = local.bucket.landing
    TM_BUCKET_SOURCE                  = local.bucket.source
    TM_BUCKET_SERVE                   = local.bucket.serve
    TM_BUCKET_QUARANTINE              = local.bucket.quarantine
    TM_BUCKET_OBSERVABILITY           = local.bucket.observability
    TM_ICEBERG_CATALOG_TYPE           = "glue"
    TM_ICEBERG_WAREHOUSE_SILVER       = local.silver_warehouse
    TM_ICEBERG_WAREHOUSE_GOLD         = local.gold_warehouse
    TM_DB_SILVER                      = module.catalog.databases["silver"]
    TM_DB_GOLD                        = module.catalog.databases["gold"]
    TM_DB_GOLD_BUILD                  = module.catalog.databases["gold_build"]
    TM_DB_OBSERVABILITY               = module.catalog.databases["observability"]
    TM_ATHENA_WORKGROUP               = module.athena.workgroup
    TM_METRIC_NAMESPACE               = var.name_prefix
    TM_ATHENA_RESULTS                 = module.athena.results_location
    TM_GLUE_JOB_SILVER                = "${var.name_prefix}-landing-to-silver${var.suffix}"
    TM_GLUE_JOB_MAINTENANCE           = "${var.name_prefix}-table-maintenance${var.suffix}"
    TM_GLUE_JOB_PARITY                = "${var.name_prefix}-table-parity${var.suffix}"
    TM_GLUE_JOB_GEOMETRY              = var.geometry_job == null ? null : "${var.name_prefix}-silver-to-geometry${var.suffix}"
    TM_COORD_MIN_LON                  = var.rules.coord_min_lon
    TM_COORD_MAX_LON                  = var.rules.coord_max_lon
    TM_COORD_MIN_LAT                  = var.rules.coord_min_lat
    TM_COORD_MAX_LAT                  = var.rules.coord_max_lat
    TM_STRICT_COURSE_MATCH            = var.rules.strict_course_match
    TM_TOPOLOGY_MIN_FIXES_PER_SECTION = var.rules.topology_min_fixes_per_section
  } : name => tostring(value) if value != null }

  # What `tm-lakehouse ingest` sees besides; no job needs it.
  api_environment = { for name, value in {
    TM_DATA_SOURCE  = var.api == null ? "file" : "api"
    TM_API_BASE_URL = one(var.api[*].base_url)
    TM_API_TIMEOUT  = one(var.api[*].timeout_seconds)
    TM_API_SECRET   = one(aws_secretsmanager_secret.api_key[*].name)
  } : name => tostring(value) if value != null }
}

# Without a value: a person puts it, so that no state and no plan ever holds the key.
resource "aws_secretsmanager_secret" "api_key" {
  #checkov:skip=CKV2_AWS_57: the source's operator issues the key, and no function here could make a new one
  count = length(var.api[*])

  name                    = "${var.name_prefix}-api-key${var.suffix}"
  description             = "Key to the API that course files are fetched from."
  kms_key_id              = module.buckets.zones["landing"].kms_key_arn
  recovery_window_in_days = var.force_destroy ? 0 : var.keep_days.keys
}

module "buckets" {
  source = "../modules/buckets"

  name_prefix           = var.name_prefix
  suffix                = var.suffix
  zones                 = local.zones
  keep_noncurrent_days  = var.keep_days.noncurrent
  keep_access_logs_days = var.keep_days.access_logs
  key_deletion_days     = var.keep_days.keys
  force_destroy         = var.force_destroy
}

module "catalog" {
  source = "../modules/catalog"

  databases = {
    silver        = { name = var.databases.silver, description = "Typed fixes of golf rounds, and the courses' dimensions.", location = "${local.silver_warehouse}/silver" }
    gold          = { name = var.databases.gold, description = "Rounds, pace and quality of data, as last tested: for readers.", location = "${local.gold_warehouse}/gold" }
    gold_build    = { name = local.gold_build, description = "Gold as dbt builds and tests it, before readers see it.", location = "${local.gold_warehouse}/gold_build" }
    observability = { name = var.databases.observability, description = "What the runs did, and what they set aside.", location = "s3://${local.bucket.observability}" }
  }
  run_summaries_location = "s3://${local.bucket.observability}/silver/"
  quarantine_location    = "s3://${local.bucket.quarantine}/silver/"
}

module "iam" {
  source = "../modules/iam"

  name_prefix              = var.name_prefix
  suffix                   = var.suffix
  zones                    = module.buckets.zones
  databases                = module.catalog.databases
  workgroup                = module.athena.workgroup
  permissions_boundary_arn = var.permissions_boundary_arn
  people                   = var.people
  orchestrators            = toset(local.has_airflow ? [module.airflow[0].role_arn] : [])
}

module "glue_jobs" {
  source = "../modules/glue_jobs"

  name_prefix = var.name_prefix
  suffix      = var.suffix
  jobs = merge(local.geometry_job, {
    (local.landing_to_silver) = {
      description         = "Reads landed course files, judges, types and deduplicates them, and commits them to Silver."
      script              = "silver_etl.py"
      worker_type         = var.silver_job.worker_type
      workers             = var.silver_job.workers
      timeout_minutes     = var.silver_job.timeout_minutes
      max_concurrent_runs = var.silver_job.max_concurrent_runs
      trigger             = var.silver_job.trigger
    }
    table_maintenance = {
      description         = "Compacts Iceberg tables, forgets their old snapshots and removes orphan files."
      script              = "table_maintenance.py"
      role_arn            = module.iam.role_arns["table_maintenance"]
      worker_type         = var.silver_job.worker_type
      workers             = var.silver_job.workers
      timeout_minutes     = var.silver_job.timeout_minutes
      max_concurrent_runs = 1
    }
    table_parity = {
      description         = "Reads Silver and Gold for a check whether Spark and Athena read the same; changes nothing."
      script              = "table_parity.py"
      role_arn            = module.iam.role_arns["table_parity"]
      worker_type         = var.silver_job.worker_type
      workers             = var.silver_job.workers
      timeout_minutes     = var.silver_job.timeout_minutes
      max_concurrent_runs = 1
    }
  })
  packaging         = var.packaging
  package_directory = var.package_directory
  glue_version      = var.silver_job.glue_version
  role_arn          = module.iam.role_arns["glue_job"]
  code_bucket       = local.bucket.source
  event_log_bucket  = local.bucket.observability
  environment       = local.job_environment
}

module "athena" {
  source = "../modules/athena"

  name             = "${var.name_prefix}${var.suffix}"
  results_location = "s3://${local.bucket.observability}/athena-results/"
  results_key_arn  = module.buckets.zones["observability"].kms_key_arn
  scan_limit_bytes = var.scan_limit_bytes
  databases        = module.catalog.databases
  force_destroy    = var.force_destroy
}

module "observability" {
  source = "../modules/observability"

  name_prefix        = var.name_prefix
  suffix             = var.suffix
  kms_key_arn        = module.buckets.zones["observability"].kms_key_arn
  log_groups         = local.log_groups
  log_retention_days = var.keep_days.job_logs
  job_names          = toset(values(module.glue_jobs.job_names))
  alert_emails       = var.alert_emails
  metric_namespace   = var.name_prefix
  workgroup          = module.athena.workgroup
  alarms             = var.alarms
  monthly_budget     = var.monthly_budget
}

module "landing_events" {
  source = "../modules/landing_events"
  count  = local.has_events ? 1 : 0

  name_prefix = var.name_prefix
  suffix      = var.suffix
  bucket      = module.buckets.zones["landing"]
}

module "network" {
  source = "../modules/network"
  count  = local.has_airflow ? 1 : 0

  name_prefix              = var.name_prefix
  suffix                   = var.suffix
  cidr_block               = var.network.cidr_block
  zone_letters             = var.network.zone_letters
  way_out                  = var.network.way_out
  log_key_arn              = module.buckets.zones["observability"].kms_key_arn
  log_retention_days       = var.keep_days.job_logs
  permissions_boundary_arn = var.permissions_boundary_arn
}

module "airflow" {
  source = "../modules/airflow"
  count  = local.has_airflow ? 1 : 0

  name_prefix              = var.name_prefix
  suffix                   = var.suffix
  package_directory        = var.airflow_package_directory
  bucket                   = module.buckets.zones["airflow"]
  network                  = { vpc_id = module.network[0].vpc_id, private_subnet_ids = module.network[0].private_subnet_ids }
  job_names                = toset([for job in ["landing_to_silver", "table_maintenance", "table_parity"] : module.glue_jobs.job_names[job]])
  role_arns                = toset([module.iam.role_arns["dbt"], module.iam.role_arns["topology"]])
  databases                = toset([module.catalog.databases["silver"], module.catalog.databases["gold_build"]])
  event_queue_arns         = toset([module.landing_events[0].queue_arn])
  alerts                   = { topic_arn = module.observability.alert_topic_arn, kms_key_arn = module.buckets.zones["observability"].kms_key_arn }
  settings                 = var.airflow
  log_retention_days       = var.keep_days.job_logs
  permissions_boundary_arn = var.permissions_boundary_arn
  variables                = merge(local.job_environment, local.conductor_environment)
  lake_buckets = {
    for zone, prefixes in {
      landing       = { "course_id=" = "list" }
      observability = { "silver/" = "read", "silver-failures/" = "read", "silver-plans/" = "read", "maintenance/" = "read" }
    } : zone => { arn = module.buckets.zones[zone].arn, kms_key_arn = module.buckets.zones[zone].kms_key_arn, prefixes = prefixes }
  }
}
