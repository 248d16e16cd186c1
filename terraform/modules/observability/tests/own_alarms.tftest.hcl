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
  kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/observability"
  log_retention_days = 30
  job_names          = ["lake-landing-to-silver"]
  metric_namespace   = "lake"
  workgroup          = "lake"
}

run "silence_is_late_data_and_other_silences_are_none" {
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.own : name => alarm.treat_missing_data } == { data-late = "breaching", quarantine-rate = "notBreaching", gold-failed = "notBreaching", gold-cost = "notBreaching" }
    error_message = "Only late data is told by silence."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.own : alarm.namespace == "lake" && alarm.alarm_actions == toset([aws_sns_topic.alerts.arn]) && alarm.ok_actions == toset([aws_sns_topic.alerts.arn])])
    error_message = "Each watches the lake's namespace, and tells its beginning and its end."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.query_cancelled.event_pattern).detail == { workgroupName = ["lake"], currentState = ["CANCELLED"] }
    error_message = "Cancelled queries of the workgroup are told."
  }

  assert {
    condition     = length(aws_budgets_budget.monthly) == 0
    error_message = "Without a budget there is none."
  }
}

run "thresholds_are_the_environments" {
  command = plan

  variables {
    alarms         = { late_after_days = 3, quarantined_percent = 12, gold_dollars_per_day = 7 }
    monthly_budget = { dollars = 100 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.own["data-late"].evaluation_periods == 3
    error_message = "The days are those of the environment."
  }

  assert {
    condition     = [aws_cloudwatch_metric_alarm.own["quarantine-rate"].threshold, aws_cloudwatch_metric_alarm.own["gold-cost"].threshold] == [12, 7]
    error_message = "The thresholds are those of the environment."
  }

  assert {
    condition     = aws_budgets_budget.monthly[0].limit_amount == "100" && length(aws_budgets_budget.monthly[0].notification) == 2
    error_message = "The budget tells of what is spent, and of what will be."
  }
}

run "rejects_more_days_than_cloudwatch_looks_back" {
  command = plan

  variables {
    alarms = { late_after_days = 8 }
  }

  expect_failures = [var.alarms]
}
