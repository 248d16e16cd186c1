mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111111111111:lake-alerts" }
  }
}

variables {
  name_prefix        = "lake"
  metric_namespace   = "lake"
  workgroup          = "lake"
  kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/observability"
  log_retention_days = 30
  job_names          = ["lake-landing-to-silver"]
}

run "a_failed_run_reaches_the_topic" {
  assert {
    condition = [
      jsondecode(aws_cloudwatch_event_rule.job_failed.event_pattern).detail.jobName,
      jsondecode(aws_cloudwatch_event_rule.job_failed.event_pattern).detail.state,
    ] == [["lake-landing-to-silver"], ["FAILED", "TIMEOUT", "STOPPED"]]
    error_message = "The rule watches the given jobs for every bad end."
  }

  assert {
    condition     = aws_cloudwatch_event_target.alerts.arn == aws_sns_topic.alerts.arn
    error_message = "The rule sends to the topic."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.job_failed), [aws_cloudwatch_metric_alarm.alerts_not_delivered]) : alarm.alarm_actions == toset([aws_sns_topic.alerts.arn])])
    error_message = "An alarm that tells nobody."
  }
}

run "logs_and_alerts_are_encrypted_and_logs_end" {
  command = plan

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.jobs : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 30])
    error_message = "Logs are encrypted with the given key and kept as long as asked."
  }

  assert {
    condition     = aws_sns_topic.alerts.kms_master_key_id == var.kms_key_arn
    error_message = "Alerts are encrypted with the given key."
  }
}

run "each_address_gets_the_alerts" {
  command = plan

  variables {
    alert_emails = ["ops@example.com"]
  }

  assert {
    condition     = [for subscription in aws_sns_topic_subscription.email : [subscription.protocol, subscription.endpoint]] == [["email", "ops@example.com"]]
    error_message = "An address without a subscription."
  }
}

run "rejects_a_retention_that_cloudwatch_refuses" {
  command = plan

  variables {
    log_retention_days = 10
  }

  expect_failures = [var.log_retention_days]
}
