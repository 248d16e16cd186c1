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
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : flatten([s.Action])
      if s.Resource == "arn:aws:s3:::landing/course_id=*"
    ] == [["s3:GetObject"]]
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

run "keys_are_used_through_s3_only_and_to_encrypt_only_where_it_writes" {
  command = plan

  assert {
    condition = {
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Action => [s.Condition.StringEquals["kms:ViaService"], toset(flatten([s.Resource]))]
      if strcontains(s.Sid, "ThroughS3")
      } == {
      "kms:Decrypt"         = ["s3.us-east-1.amazonaws.com", toset(["arn:aws:kms:us-east-1:111111111111:key/landing", "arn:aws:kms:us-east-1:111111111111:key/source"])]
      "kms:GenerateDataKey" = ["s3.us-east-1.amazonaws.com", toset(["arn:aws:kms:us-east-1:111111111111:key/source"])]
    }
    error_message = "A runner could use keys outside S3, or encrypt where it only reads."
  }
}

run "who_only_adds_finds_out_nothing" {
  command = plan

  variables {
    buckets = { landing = { arn = "arn:aws:s3:::landing", kms_key_arn = "arn", prefixes = { "records/" = "add" } } }
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Action])) == toset(["s3:PutObject", "s3:AbortMultipartUpload", "kms:Decrypt", "kms:GenerateDataKey"])
    error_message = "A runner that only adds could look around."
  }
}

run "rights_to_queries_grow_and_only_people_browse" {
  command = plan

  variables {
    queries   = { workgroup = "lake", rights = "watch" }
    databases = { silver = "read" }
  }

  assert {
    condition = {
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Sid => length(flatten([s.Action]))
      if contains(["QueryInWorkgroup", "ListDatabases", "BrowseCatalog", "TablesSilver"], s.Sid)
    } == { QueryInWorkgroup = 7, ListDatabases = 1, TablesSilver = 3 }
    error_message = "Whoever watches queries needs no more than that."
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
