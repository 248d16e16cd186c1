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

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111111111111:alerts" }
  }
}

variables {
  package_directory = "../modules/glue_jobs/tests/package"
}

run "the_output_names_what_every_process_needs" {
  assert {
    condition = length(setsubtract([
      "TM_ENV", "TM_BUCKET_LANDING", "TM_BUCKET_SOURCE", "TM_BUCKET_SERVE", "TM_BUCKET_QUARANTINE", "TM_BUCKET_OBSERVABILITY",
      "TM_ICEBERG_CATALOG_TYPE", "TM_ICEBERG_WAREHOUSE_SILVER", "TM_ICEBERG_WAREHOUSE_GOLD", "TM_DB_SILVER", "TM_DB_GOLD", "TM_DB_GOLD_BUILD",
      "TM_DB_OBSERVABILITY", "TM_ATHENA_WORKGROUP", "TM_ATHENA_RESULTS", "TM_GLUE_JOB_SILVER", "TM_ALERT_TOPIC_ARN", "AWS_REGION",
      "TM_COORD_MIN_LON", "TM_COORD_MAX_LON", "TM_COORD_MIN_LAT", "TM_COORD_MAX_LAT", "TM_STRICT_COURSE_MATCH", "TM_DATA_SOURCE",
      "TM_API_TIMEOUT", "TM_TOPOLOGY_MIN_FIXES_PER_SECTION",
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

run "rejects_an_api_without_its_address" {
  command = plan

  variables {
    rules = { data_source = "api" }
  }

  expect_failures = [var.rules]
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
