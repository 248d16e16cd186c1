mock_provider "aws" {}

variables {
  name_prefix       = "lake"
  suffix            = "-dev"
  package_directory = "tests/package"
  role_arn          = "arn:aws:iam::111111111111:role/lake-glue-job"
  code_bucket       = "lake-source-store"
  event_log_bucket  = "lake-observability"
  environment       = { TM_DB_SILVER = "silver" }
  jobs = {
    landing_to_silver = { description = "Landing to Silver.", script = "silver_etl.py" }
  }
}

run "a_job_is_named_after_its_arrow" {
  command = plan

  assert {
    condition     = output.job_names == { landing_to_silver = "lake-landing-to-silver-dev" }
    error_message = "A job's name is the prefix, the arrow and the suffix."
  }

  assert {
    condition     = aws_glue_job.this["landing_to_silver"].command[0].script_location == "s3://lake-source-store/jobs/spark/silver_etl.py"
    error_message = "Glue starts the uploaded script."
  }
}

run "a_job_may_have_a_role_of_its_own" {
  command = plan

  variables {
    jobs = {
      landing_to_silver = { description = "Landing to Silver.", script = "silver_etl.py" }
      table_maintenance = { description = "Upkeep.", script = "table_maintenance.py", role_arn = "arn:aws:iam::111111111111:role/lake-upkeep" }
    }
  }

  assert {
    condition     = [for name in ["landing_to_silver", "table_maintenance"] : aws_glue_job.this[name].role_arn] == [var.role_arn, "arn:aws:iam::111111111111:role/lake-upkeep"]
    error_message = "A job without a role takes the common one."
  }
}

run "the_environment_reaches_the_job_as_arguments" {
  command = plan

  assert {
    condition     = aws_glue_job.this["landing_to_silver"].default_arguments["--TM_DB_SILVER"] == "silver"
    error_message = "Glue has no other environment than its arguments."
  }
}

run "packaged_as_zip_the_package_lies_beside_the_script" {
  command = plan

  assert {
    condition = [for name in ["--extra-py-files", "--additional-python-modules", "--python-modules-installer-option"] : aws_glue_job.this["landing_to_silver"].default_arguments[name]] == [
      "s3://lake-source-store/jobs/tm_lakehouse.zip", "s3://lake-source-store/jobs/wheels/silver.gluewheels.zip", "--no-index"
    ]
    error_message = "Pattern B: the zip as py-files, third-party wheels from S3, no index."
  }
}

run "packaged_as_script_the_package_is_an_installed_wheel" {
  command = plan

  variables {
    packaging = "script"
  }

  assert {
    condition     = !contains(keys(aws_glue_job.this["landing_to_silver"].default_arguments), "--extra-py-files")
    error_message = "Pattern A has one script and no py-files."
  }

  assert {
    condition     = aws_glue_job.this["landing_to_silver"].default_arguments["--additional-python-modules"] == "s3://lake-source-store/jobs/wheels/silver_with_package.gluewheels.zip"
    error_message = "Pattern A installs the package among the wheels."
  }
}

run "every_artifact_is_uploaded_and_changes_with_its_content" {
  command = plan

  assert {
    condition = toset([for code in aws_s3_object.code : code.key]) == toset([
      "jobs/spark/silver_etl.py", "jobs/tm_lakehouse.zip", "jobs/wheels/silver.gluewheels.zip", "jobs/wheels/silver_with_package.gluewheels.zip"
    ])
    error_message = "Both packagings find their files."
  }

  assert {
    condition     = aws_s3_object.code["tm_lakehouse.zip"].source_hash == filesha256("tests/package/tm_lakehouse.zip")
    error_message = "A changed artifact would not be uploaded: an encrypted object's ETag is not its hash."
  }
}

run "a_job_may_bring_its_own_wheels_and_jars" {
  command = plan

  variables {
    jobs = {
      landing_to_silver = { description = "Landing to Silver.", script = "silver_etl.py" }
      upkeep            = { description = "Another job of the same code.", script = "silver_etl.py" }
      geometry = {
        description = "Silver to geometry."
        script      = "course_geometry.py"
        wheels      = "geometry"
        extra_jars  = ["sedona.jar", "another.jar"]
      }
    }
  }

  assert {
    condition = [for name in ["--additional-python-modules", "--extra-jars"] : aws_glue_job.this["geometry"].default_arguments[name]] == [
      "s3://lake-source-store/jobs/wheels/geometry.gluewheels.zip",
      "s3://lake-source-store/jobs/jars/sedona.jar,s3://lake-source-store/jobs/jars/another.jar",
    ]
    error_message = "A job gets its own wheels, and its jars by comma."
  }

  assert {
    condition     = !contains(keys(aws_glue_job.this["landing_to_silver"].default_arguments), "--extra-jars")
    error_message = "A job without jars names none."
  }

  assert {
    condition = setsubtract([for code in aws_s3_object.code : code.key], [
      "jobs/spark/silver_etl.py", "jobs/tm_lakehouse.zip", "jobs/wheels/silver.gluewheels.zip", "jobs/wheels/silver_with_package.gluewheels.zip"
      ]) == toset([
      "jobs/spark/course_geometry.py", "jobs/wheels/geometry.gluewheels.zip", "jobs/wheels/geometry_with_package.gluewheels.zip",
      "jobs/jars/sedona.jar", "jobs/jars/another.jar",
    ])
    error_message = "Everything that a job names is uploaded."
  }
}

run "rejects_artifacts_that_are_not_built" {
  command = plan

  variables {
    jobs = { geometry = { description = "", script = "silver_etl.py", wheels = "nowhere" } }
  }

  expect_failures = [var.jobs]
}

run "a_job_without_trigger_starts_only_when_asked" {
  command = plan

  assert {
    condition     = length(aws_glue_trigger.this) == 0
    error_message = "Nobody asked for a trigger."
  }
}

run "a_schedule_makes_a_scheduled_trigger_with_its_arguments" {
  command = plan

  variables {
    jobs = {
      landing_to_silver = {
        description = "Landing to Silver."
        script      = "silver_etl.py"
        trigger     = { schedule = "cron(0 4 * * ? *)", arguments = { "--course-id" = "erinhills" } }
      }
    }
  }

  assert {
    condition     = [for trigger in aws_glue_trigger.this : [trigger.type, trigger.schedule, trigger.actions[0].arguments["--course-id"]]] == [["SCHEDULED", "cron(0 4 * * ? *)", "erinhills"]]
    error_message = "The trigger starts its job as scheduled."
  }
}

run "rejects_a_package_that_is_not_built" {
  command = plan

  variables {
    package_directory = "tests/nowhere"
  }

  expect_failures = [var.package_directory]
}

run "rejects_an_unknown_packaging" {
  command = plan

  variables {
    packaging = "egg"
  }

  expect_failures = [var.packaging]
}

run "rejects_a_job_without_a_worker_beside_the_driver" {
  command = plan

  variables {
    jobs = { landing_to_silver = { description = "", script = "silver_etl.py", workers = 1 } }
  }

  expect_failures = [var.jobs]
}

run "rejects_workers_that_glue_does_not_have" {
  command = plan

  variables {
    jobs = { landing_to_silver = { description = "", script = "silver_etl.py", worker_type = "Standard" } }
  }

  expect_failures = [var.jobs]
}

run "rejects_a_run_of_more_than_two_days" {
  command = plan

  variables {
    jobs = { landing_to_silver = { description = "", script = "silver_etl.py", timeout_minutes = 2881 } }
  }

  expect_failures = [var.jobs]
}

run "rejects_arguments_that_are_not_ours" {
  command = plan

  variables {
    environment = { AWS_REGION = "us-east-1" }
  }

  expect_failures = [var.environment]
}
