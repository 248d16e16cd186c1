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
  name         = "lake-runner"
  description  = "Runs."
  account_id   = "111111111111"
  region       = "us-east-1"
  trust_policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  buckets = {
    landing = { arn = "arn:aws:s3:::landing", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/landing", prefixes = { "course_id=" = "read" } }
    source  = { arn = "arn:aws:s3:::source", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/source", prefixes = { "jobs/" = "read", "warehouse/silver/" = "write" } }
  }
}

run "a_read_only_bucket_grants_no_write" {
  command = plan

  assert {
    condition = [
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : toset(s.Action)
      if s.Resource == "arn:aws:s3:::landing/course_id=*"
    ] == [toset(["s3:GetObject", "s3:GetObjectVersion"])]
    error_message = "The runner can write to what it only reads."
  }
}

run "a_listing_is_bound_to_the_prefixes" {
  command = plan

  assert {
    condition = {
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Resource => toset(s.Condition.StringLike["s3:prefix"]) if s.Action == "s3:ListBucket"
      } == {
      "arn:aws:s3:::landing" = toset(["course_id=", "course_id=*"])
      "arn:aws:s3:::source"  = toset(["jobs", "jobs/*", "warehouse/silver", "warehouse/silver/*"])
    }
    error_message = "A runner lists only what it may touch."
  }
}

run "keys_are_used_through_s3_only" {
  command = plan

  assert {
    condition = [
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Condition.StringEquals["kms:ViaService"]
      if s.Sid == "UseKeysThroughS3"
    ] == ["s3.us-east-1.amazonaws.com"]
    error_message = "A runner could decrypt outside S3."
  }
}

run "what_is_not_asked_for_is_not_granted" {
  command = plan

  assert {
    condition = length([
      for action in flatten([for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Action]) : action
      if !startswith(action, "s3:") && !startswith(action, "kms:")
    ]) == 0
    error_message = "A runner without databases, workgroup, logs and metrics has rights to some."
  }
}

run "tables_can_be_made_without_the_right_to_drop_them" {
  command = plan

  variables {
    databases = { silver = "create" }
  }

  assert {
    condition = [
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : [contains(s.Action, "glue:CreateTable"), contains(s.Action, "glue:UpdateTable"), contains(s.Action, "glue:DeleteTable")]
      if s.Sid == "TablesSilver"
    ] == [[true, true, false]]
    error_message = "create means make and update, not drop."
  }
}

run "metrics_go_to_the_named_namespaces_only" {
  command = plan

  variables {
    metric_namespaces = ["Glue"]
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Condition.StringEquals["cloudwatch:namespace"] if s.Action == "cloudwatch:PutMetricData"] == ["Glue"]
    error_message = "A runner could publish any metric."
  }
}

run "rejects_access_to_a_whole_bucket" {
  command = plan

  variables {
    buckets = { landing = { arn = "arn:aws:s3:::landing", kms_key_arn = "arn", prefixes = { "" = "read" } } }
  }

  expect_failures = [var.buckets]
}

run "rejects_an_unknown_access" {
  command = plan

  variables {
    databases = { silver = "own" }
  }

  expect_failures = [var.databases]
}
