# The real provider, offline: a policy document is rendered without any call to AWS, and a mock would hide its JSON.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  name             = "lake-airflow"
  environment      = "lake"
  account_id       = "111111111111"
  region           = "us-east-1"
  bucket           = { name = "lake-airflow", arn = "arn:aws:s3:::lake-airflow", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/airflow" }
  job_names        = ["lake-landing-to-silver"]
  role_arns        = ["arn:aws:iam::111111111111:role/lake-dbt"]
  alerts           = { topic_arn = "arn:aws:sns:us-east-1:111111111111:lake-alerts", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/observability" }
  databases        = ["silver"]
  event_queue_arns = ["arn:aws:sqs:us-east-1:111111111111:lake-landing-events"]
  lake_buckets = {
    landing = { arn = "arn:aws:s3:::landing", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/landing", prefixes = { "course_id=" = "read" } }
  }
}

run "mwaa_assumes_the_role_for_this_environment_only" {
  command = plan

  assert {
    condition = [for s in jsondecode(output.trust_policy).Statement : [toset(s.Principal.Service), s.Condition.StringEquals["aws:SourceAccount"], s.Condition.ArnLike["aws:SourceArn"]]] == [
      [toset(["airflow.amazonaws.com", "airflow-env.amazonaws.com"]), "111111111111", "arn:aws:airflow:us-east-1:111111111111:environment/lake"]
    ]
    error_message = "MWAA could be made to act for another environment."
  }
}

run "airflow_starts_the_jobs_that_exist_and_makes_none" {
  command = plan

  assert {
    condition     = flatten([for s in jsondecode(output.policy).Statement : s.Resource if contains(flatten([s.Action]), "glue:StartJobRun")]) == ["arn:aws:glue:us-east-1:111111111111:job/lake-landing-to-silver"]
    error_message = "Airflow could start other jobs."
  }

  assert {
    condition = length([
      for action in flatten([for s in jsondecode(output.policy).Statement : s.Action]) : action
      if startswith(action, "iam:") || contains(["glue:CreateJob", "glue:UpdateJob", "glue:DeleteJob", "s3:*", "s3:DeleteObject"], action)
    ]) == 0
    error_message = "Airflow could make or change jobs, pass roles on, or delete data."
  }
}

run "another_role_is_assumed_only_where_it_is_named" {
  command = plan

  assert {
    condition     = flatten([for s in jsondecode(output.policy).Statement : s.Resource if contains(flatten([s.Action]), "sts:AssumeRole")]) == ["arn:aws:iam::111111111111:role/lake-dbt"]
    error_message = "Airflow works under dbt's role and no other."
  }
}

run "it_reads_the_events_of_the_landing_zone_only" {
  command = plan

  assert {
    condition     = flatten([for s in jsondecode(output.policy).Statement : s.Resource if s.Sid == "ReadEvents"]) == ["arn:aws:sqs:us-east-1:111111111111:lake-landing-events"]
    error_message = "Airflow reads the events it is given and no others."
  }
}

run "it_sees_tables_and_optimizers_and_no_rows" {
  command = plan

  assert {
    condition = [for s in jsondecode(output.policy).Statement : [toset(s.Action), toset(s.Resource)] if s.Sid == "SeeOptimizers"] == [[
      toset(["glue:GetTables", "glue:GetTable", "glue:GetTableOptimizer"]),
      toset(["arn:aws:glue:us-east-1:111111111111:catalog", "arn:aws:glue:us-east-1:111111111111:database/silver", "arn:aws:glue:us-east-1:111111111111:table/silver/*"]),
    ]]
    error_message = "Airflow looks at the tables of the given databases, and changes none."
  }
}

run "it_changes_no_object_but_reads_its_own_bucket_and_what_it_is_given" {
  command = plan

  assert {
    condition     = length([for s in jsondecode(output.policy).Statement : s if contains(flatten([s.Action]), "s3:PutObject")]) == 0
    error_message = "Airflow could write where nothing was given."
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(output.policy).Statement : s.Resource if contains(flatten([s.Action]), "s3:GetObject")])) == toset(["arn:aws:s3:::lake-airflow/*", "arn:aws:s3:::landing/course_id=*"])
    error_message = "Airflow reads its DAGs and the given prefixes."
  }
}

run "only_what_knows_no_resource_names_all" {
  command = plan

  assert {
    condition     = toset(flatten([for s in jsondecode(output.policy).Statement : s.Action if contains(flatten([s.Resource]), "*")])) == toset(["s3:GetAccountPublicAccessBlock", "logs:DescribeLogGroups", "cloudwatch:PutMetricData"])
    error_message = "An action that knows resources names all of them."
  }
}

run "mwaas_queues_and_its_own_logs_are_within_reach" {
  command = plan

  assert {
    condition     = flatten([for s in jsondecode(output.policy).Statement : s.Resource if contains(flatten([s.Action]), "sqs:SendMessage")]) == ["arn:aws:sqs:us-east-1:*:airflow-celery-*"]
    error_message = "Schedulers could not reach the workers."
  }

  assert {
    condition     = flatten([for s in jsondecode(output.policy).Statement : s.Resource if contains(flatten([s.Action]), "logs:PutLogEvents")]) == ["arn:aws:logs:us-east-1:111111111111:log-group:airflow-lake-*"]
    error_message = "Airflow writes its own logs and no others."
  }
}

run "a_role_that_conducts_nothing_is_refused" {
  command = plan

  variables {
    job_names = []
  }

  expect_failures = [var.job_names]
}
