# Runs with the values of each environment that has its own account: -var-file=../environments/prod/terraform.tfvars
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }

  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:111111111111:key/zone" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::bucket" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/role" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111111111111:log-group:group" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111111111111:alerts" }
  }
}

variables {
  package_directory         = "../modules/glue_jobs/tests/package"
  airflow_package_directory = "../modules/airflow/tests/package"
}

run "the_output_names_what_every_process_needs" {
  assert {
    condition = length(setsubtract([
      "TM_ENV", "TM_BUCKET_LANDING", "TM_BUCKET_SOURCE", "TM_BUCKET_SERVE", "TM_BUCKET_QUARANTINE", "TM_BUCKET_OBSERVABILITY",
      "TM_ICEBERG_CATALOG_TYPE", "TM_ICEBERG_WAREHOUSE_SILVER", "TM_ICEBERG_WAREHOUSE_GOLD", "TM_DB_SILVER", "TM_DB_GOLD", "TM_DB_GOLD_BUILD",
      "TM_DB_OBSERVABILITY", "TM_ATHENA_WORKGROUP", "TM_ATHENA_RESULTS", "TM_GLUE_JOB_SILVER", "TM_ALERT_TOPIC_ARN", "AWS_REGION",
      "TM_COORD_MIN_LON", "TM_COORD_MAX_LON", "TM_COORD_MIN_LAT", "TM_COORD_MAX_LAT", "TM_STRICT_COURSE_MATCH", "TM_DATA_SOURCE",
      "TM_TOPOLOGY_MIN_FIXES_PER_SECTION",
    ], keys(output.environment))) == 0
    error_message = "A process would miss a variable."
  }

  assert {
    condition     = output.environment["TM_ICEBERG_WAREHOUSE_SILVER"] == "s3://${var.name_prefix}-source-store${var.suffix}/warehouse"
    error_message = "Silver's warehouse lies in the source store."
  }

  assert {
    condition     = output.environment["TM_GLUE_JOB_SILVER"] == module.glue_jobs.job_names["landing_to_silver"]
    error_message = "The variable names another job than the one that is made."
  }
}

run "without_geometry_nothing_of_it_is_made" {
  command = plan

  assert {
    condition     = !contains(keys(module.glue_jobs.job_names), "silver_to_geometry") && !contains(keys(local.job_environment), "TM_GLUE_JOB_GEOMETRY")
    error_message = "Geometry is off unless it is asked for."
  }

  assert {
    condition     = !anytrue([for key in keys(module.glue_jobs.code_versions) : strcontains(key, "geometry") || strcontains(key, "jars")])
    error_message = "Nothing of an optional job is uploaded."
  }
}

run "geometry_is_a_job_with_its_jar_and_its_name_reaches_the_commands" {
  command = plan

  variables {
    geometry_job = { workers = 3 }
  }

  assert {
    condition     = local.job_environment["TM_GLUE_JOB_GEOMETRY"] == module.glue_jobs.job_names["silver_to_geometry"]
    error_message = "The variable names another job than the one that is made."
  }

  assert {
    condition = toset([for key in keys(module.glue_jobs.code_versions) : key if strcontains(key, "geometry") || strcontains(key, "jars")]) == toset([
      "jobs/spark/course_geometry.py", "jobs/wheels/geometry.gluewheels.zip", "jobs/wheels/geometry_with_package.gluewheels.zip", "jobs/jars/sedona.jar",
    ])
    error_message = "The job finds its script, wheels and jar."
  }
}

run "without_an_api_files_are_the_source_and_nothing_is_paid_for_it" {
  command = plan

  assert {
    condition     = length(aws_secretsmanager_secret.api_key) == 0 && local.api_environment == { TM_DATA_SOURCE = "file" }
    error_message = "The API is off unless it is asked for."
  }
}

run "an_api_gets_a_secret_for_its_key_and_the_commands_learn_where_both_are" {
  command = plan

  variables {
    api = { base_url = "https://api.example.test/golf", timeout_seconds = 45 }
  }

  assert {
    condition = local.api_environment == {
      TM_DATA_SOURCE  = "api"
      TM_API_BASE_URL = "https://api.example.test/golf"
      TM_API_TIMEOUT  = "45"
      TM_API_SECRET   = "${var.name_prefix}-api-key${var.suffix}"
    }
    error_message = "The commands would not find the API or its key's secret."
  }

  assert {
    condition     = aws_secretsmanager_secret.api_key[0].name == local.api_environment["TM_API_SECRET"]
    error_message = "The variable names another secret than the one that is made."
  }

  # The name of a secret stays taken while it can be restored: an environment that may go must not wait for it.
  assert {
    condition     = aws_secretsmanager_secret.api_key[0].recovery_window_in_days == (var.force_destroy ? 0 : var.keep_days.keys)
    error_message = "A removed key can be brought back as long as the other keys."
  }
}

run "the_apis_secret_is_encrypted_with_the_key_of_the_zone_it_fills" {
  variables {
    api = { base_url = "https://api.example.test" }
  }

  assert {
    condition     = aws_secretsmanager_secret.api_key[0].kms_key_id == module.buckets.zones["landing"].kms_key_arn
    error_message = "Who lands needs that key anyway, and no other."
  }

  assert {
    condition     = output.environment["TM_API_SECRET"] == aws_secretsmanager_secret.api_key[0].name
    error_message = "The secret's name reaches the commands."
  }
}

run "an_account_is_named_and_is_the_suffix_of_every_bucket" {
  assert {
    condition     = length(var.allowed_account_ids) == 1 && alltrue([for bucket in module.buckets.zones : endswith(bucket.name, var.suffix)])
    error_message = "The environment must be bound to one account, and its buckets named after it."
  }
}

run "rejects_an_account_without_twelve_digits" {
  command = plan

  variables {
    allowed_account_ids = ["1234"]
  }

  expect_failures = [var.allowed_account_ids]
}

run "rejects_a_platform_that_nobody_knows" {
  command = plan

  variables {
    platform = "azure"
  }

  expect_failures = [var.platform]
}

run "rejects_an_api_address_that_holds_the_key" {
  command = plan

  variables {
    api = { base_url = "https://user:key@api.example.test" }
  }

  expect_failures = [var.api]
}

run "rejects_an_api_address_without_a_scheme" {
  command = plan

  variables {
    api = { base_url = "api.example.test/v1" }
  }

  expect_failures = [var.api]
}

run "rejects_an_api_that_may_not_take_any_time" {
  command = plan

  variables {
    api = { base_url = "https://api.example.test", timeout_seconds = 0 }
  }

  expect_failures = [var.api]
}

run "rejects_bounds_that_no_point_lies_in" {
  command = plan

  variables {
    rules = { coord_min_lon = 10, coord_max_lon = -10 }
  }

  expect_failures = [var.rules]
}

run "rejects_a_suffix_that_no_bucket_can_have" {
  command = plan

  variables {
    suffix = "_PROD"
  }

  expect_failures = [var.suffix]
}

run "without_an_orchestrator_nothing_of_it_is_made" {
  command = plan

  variables {
    orchestrator = "none"
  }

  assert {
    condition     = [length(module.network), length(module.airflow), contains(keys(output.environment), "TM_AIRFLOW_ENVIRONMENT"), contains(keys(module.buckets.zones), "airflow"), length(module.landing_events)] == [0, 0, false, false, 0]
    error_message = "What conducts nothing would still cost."
  }
}

run "mwaa_conducts_the_jobs_that_are_made" {
  variables {
    orchestrator = "mwaa"
    people       = ["arn:aws:iam::111111111111:role/analyst"]
  }

  assert {
    condition     = output.environment["TM_AIRFLOW_ENVIRONMENT"] == "${var.name_prefix}${var.suffix}" && module.airflow[0].environment_name == output.environment["TM_AIRFLOW_ENVIRONMENT"]
    error_message = "The variable names another environment than the one that is made."
  }

  assert {
    condition     = module.buckets.zones["airflow"].name == "${var.name_prefix}-airflow${var.suffix}"
    error_message = "Airflow's files have a bucket of their own, protected as the zones' are."
  }
}

run "an_airflow_elsewhere_is_told_of_landed_files_and_of_its_roles" {
  variables {
    orchestrator = "external"
  }

  assert {
    condition     = [length(module.network), length(module.airflow), contains(keys(module.buckets.zones), "airflow")] == [0, 0, false]
    error_message = "An Airflow elsewhere brings its own network and bucket."
  }

  assert {
    condition     = [for name in ["TM_LANDING_EVENTS_URL", "TM_DBT_ROLE", "TM_TOPOLOGY_ROLE", "TM_ALERT_TOPIC_ARN"] : output.environment[name]] == [module.landing_events[0].queue_url, module.iam.role_arns["dbt"], module.iam.role_arns["topology"], module.observability.alert_topic_arn]
    error_message = "It must see what MWAA's startup script would tell it."
  }
}

run "rejects_an_orchestrator_that_nobody_knows" {
  command = plan

  variables {
    orchestrator = "cron"
  }

  expect_failures = [var.orchestrator]
}
