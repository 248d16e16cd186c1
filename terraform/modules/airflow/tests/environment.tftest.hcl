mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }

  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/lake-airflow" }
  }
}

variables {
  name_prefix        = "lake"
  suffix             = "-dev"
  package_directory  = "tests/package"
  variables          = { TM_DB_SILVER = "silver", TM_NOTE = "it's here" }
  bucket             = { name = "lake-airflow", arn = "arn:aws:s3:::lake-airflow", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/11111111-1111-1111-1111-111111111111" }
  network            = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-1", "subnet-2"] }
  job_names          = ["lake-landing-to-silver"]
  alerts             = { topic_arn = "arn:aws:sns:us-east-1:111111111111:lake-alerts", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/observability" }
  log_retention_days = 30
}

run "every_file_below_dags_is_uploaded_under_its_path" {
  assert {
    condition     = toset([for object in aws_s3_object.dag : object.key]) == toset(["dags/pipeline.py", "dags/library/help.py"])
    error_message = "A DAG, or what it imports, would be missing."
  }
}

run "the_environment_takes_the_uploaded_versions" {
  assert {
    condition = [
      aws_mwaa_environment.this.plugins_s3_object_version, aws_mwaa_environment.this.requirements_s3_object_version, aws_mwaa_environment.this.startup_script_s3_object_version,
      ] == [
      aws_s3_object.file["plugins.zip"].version_id, aws_s3_object.file["requirements.txt"].version_id, aws_s3_object.startup_script.version_id,
    ]
    error_message = "A changed file would not reach the environment."
  }
}

run "variables_are_exported_before_the_script_runs" {
  assert {
    condition     = aws_s3_object.startup_script.content == "export TM_DB_SILVER='silver'\nexport TM_NOTE='it'\\''s here'\necho ready\n"
    error_message = "A variable would be missing, or read by the shell."
  }
}

run "every_log_has_a_group_with_key_and_end_made_before_the_environment" {
  assert {
    condition = {
      for group in aws_cloudwatch_log_group.this : group.name => [group.kms_key_id, tostring(group.retention_in_days)]
      } == {
      for name in ["DAGProcessing", "Scheduler", "Task", "WebServer", "Worker"] : "airflow-lake-dev-${name}" => [var.bucket.kms_key_arn, "30"]
    }
    error_message = "MWAA would make a group without a key, to be kept for ever."
  }
}

run "the_web_server_is_private_unless_asked_otherwise" {
  assert {
    condition     = aws_mwaa_environment.this.webserver_access_mode == "PRIVATE_ONLY"
    error_message = "Airflow's pages would be open to the internet."
  }
}

run "airflow_reaches_itself_and_https_only" {
  command = plan

  assert {
    condition     = [for rule in aws_security_group.this.ingress : [rule.self, try(length(rule.cidr_blocks), 0)]] == [[true, 0]]
    error_message = "Others than Airflow's own parts could reach it."
  }

  assert {
    condition = toset([for rule in aws_security_group.this.egress : "${coalesce(rule.self, false)} ${rule.protocol} ${rule.from_port}-${rule.to_port}"]) == toset([
      "true -1 0-0", "false tcp 443-443",
    ])
    error_message = "More than HTTPS leads out, or Airflow's parts can't reach each other."
  }
}

run "three_subnets_are_refused" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-1", "subnet-2", "subnet-3"] }
  }

  expect_failures = [var.network]
}

run "an_airflow_that_the_dags_are_not_written_for_is_refused" {
  command = plan

  variables {
    settings = { airflow_version = "2.10.3" }
  }

  expect_failures = [var.settings]
}

run "more_workers_than_mwaa_has_are_refused" {
  command = plan

  variables {
    settings = { max_workers = 26 }
  }

  expect_failures = [var.settings]
}

run "a_variable_of_another_name_is_refused" {
  command = plan

  variables {
    variables = { "TM_X;rm" = "1" }
  }

  expect_failures = [var.variables]
}
