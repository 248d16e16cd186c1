# The real provider, offline: a policy document is rendered without any call to AWS, and a mock would hide its JSON.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

variables {
  name_prefix = "lake"
  suffix      = "-dev"
  bucket      = { name = "lake-landing", arn = "arn:aws:s3:::lake-landing" }
}

run "only_the_landing_bucket_sends" {
  command = plan

  assert {
    condition = [
      for s in jsondecode(output.policy).Statement : [s.Principal.Service, s.Condition.ArnEquals["aws:SourceArn"], s.Condition.StringEquals["aws:SourceAccount"], s.Resource] if s.Effect == "Allow"
    ] == [["s3.amazonaws.com", "arn:aws:s3:::lake-landing", "111111111111", "arn:aws:sqs:us-east-1:111111111111:lake-landing-events-dev"]]
    error_message = "Others than the landing bucket could send events."
  }
}

run "nobody_reads_it_in_the_clear" {
  command = plan

  assert {
    condition     = [for s in jsondecode(output.policy).Statement : s.Condition.Bool["aws:SecureTransport"] if s.Effect == "Deny"] == ["false"]
    error_message = "The queue could be used without TLS."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled
    error_message = "Messages would lie in the clear."
  }
}

run "it_tells_of_landed_files_and_of_nothing_else" {
  command = plan

  assert {
    condition     = [for queue in aws_s3_bucket_notification.landed.queue : [join(",", queue.events), queue.filter_prefix]] == [["s3:ObjectCreated:*", "course_id%3D"]]
    error_message = "The queue is for new course files."
  }
}

run "an_event_waits_as_long_as_sqs_allows" {
  command = plan

  variables {
    keep_seconds = 30
  }

  expect_failures = [var.keep_seconds]
}
