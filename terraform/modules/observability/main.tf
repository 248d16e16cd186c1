data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  topic = "${var.name_prefix}-alerts${var.suffix}"

  # Written out, so that a plan shows the policy before the topic exists.
  topic_arn = "arn:aws:sns:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:${local.topic}"

  # What the lake itself measures: one alarm for each, explained in docs/runbooks.md under its name.
  own_alarms = {
    data-late = {
      description = "No round came to Silver for ${var.alarms.late_after_days} days."
      metric      = "RoundsWritten"
      statistic   = "Sum"
      comparison  = "LessThanThreshold"
      threshold   = 1
      days        = var.alarms.late_after_days
      missing     = "breaching"
    }
    quarantine-rate = {
      description = "A run set aside more than ${var.alarms.quarantined_percent} % of what it read."
      metric      = "QuarantinedRecordsPercent"
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.alarms.quarantined_percent
      days        = 1
      missing     = "notBreaching"
    }
    gold-failed = {
      description = "A build of Gold failed, or one of its tests: readers keep what they have."
      metric      = "GoldRunsFailed"
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      days        = 1
      missing     = "notBreaching"
    }
    gold-cost = {
      description = "Builds of Gold cost more than ${var.alarms.gold_dollars_per_day} dollars in a day."
      metric      = "GoldDollars"
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.alarms.gold_dollars_per_day
      days        = 1
      missing     = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_log_group" "jobs" {
  #checkov:skip=CKV_AWS_338: how long logs are kept is each environment's value
  for_each = var.log_groups

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_sns_topic" "alerts" {
  name              = local.topic
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alert_emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "AlarmsAndBudgetsPublish"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }

  # Without a condition: EventBridge's messages to a topic whose policy has one may vanish.
  statement {
    sid       = "RulesPublish"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}

resource "aws_cloudwatch_event_rule" "job_failed" {
  name        = "${var.name_prefix}-job-failed${var.suffix}"
  description = "A run of one of the lake's jobs failed, timed out or was stopped."

  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail = {
      jobName = sort(var.job_names)
      state   = ["FAILED", "TIMEOUT", "STOPPED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "alerts" {
  rule = aws_cloudwatch_event_rule.job_failed.name
  arn  = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      job     = "$.detail.jobName"
      run     = "$.detail.jobRunId"
      state   = "$.detail.state"
      message = "$.detail.message"
    }
    input_template = "\"Glue job <job>, run <run>: <state>. <message>\""
  }
}

resource "aws_cloudwatch_metric_alarm" "alerts_not_delivered" {
  alarm_name          = "${var.name_prefix}-alerts-not-delivered${var.suffix}"
  alarm_description   = "A job failed and the message about it did not reach the topic. What to do: docs/runbooks.md#alerts-not-delivered"
  namespace           = "AWS/Events"
  metric_name         = "FailedInvocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.job_failed.name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "job_failed" {
  for_each = var.job_names

  alarm_name          = "${each.value}-failed"
  alarm_description   = "A run of ${each.value} ended with an error. What to do: docs/runbooks.md#job-failed"
  namespace           = "Glue"
  metric_name         = "glue.error.ALL"
  dimensions          = { JobName = each.value, JobRunId = "ALL", Type = "count", ObservabilityGroup = "error" }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "own" {
  for_each = local.own_alarms

  alarm_name          = "${var.name_prefix}-${each.key}${var.suffix}"
  alarm_description   = "${each.value.description} What to do: docs/runbooks.md#${each.key}"
  namespace           = var.metric_namespace
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 86400
  evaluation_periods  = each.value.days
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]
}

# A query over the workgroup's limit is cancelled; so is one that somebody stopped.
resource "aws_cloudwatch_event_rule" "query_cancelled" {
  name        = "${var.name_prefix}-query-cancelled${var.suffix}"
  description = "A query was cancelled: it would have scanned more than it may, or somebody stopped it."

  event_pattern = jsonencode({
    source      = ["aws.athena"]
    detail-type = ["Athena Query State Change"]
    detail = {
      workgroupName = [var.workgroup]
      currentState  = ["CANCELLED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "query_cancelled" {
  rule = aws_cloudwatch_event_rule.query_cancelled.name
  arn  = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths    = { query = "$.detail.queryExecutionId", workgroup = "$.detail.workgroupName" }
    input_template = "\"Query <query> of workgroup <workgroup> was cancelled. What to do: docs/runbooks.md#query-cancelled\""
  }
}

resource "aws_budgets_budget" "monthly" {
  count = length(var.monthly_budget[*])

  name         = "${var.name_prefix}-monthly${var.suffix}"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget.dollars)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "Service"
    values = var.monthly_budget.services
  }

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }

    content {
      notification_type         = notification.key
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [aws_sns_topic.alerts.arn]
    }
  }
}

locals {
  region = data.aws_region.current.name

  # One row for each stage of the flow: what it brought, how long it took, what it cost.
  charts = [
    { title = "Rounds to Silver, a day", metrics = [[var.metric_namespace, "RoundsWritten"]], stat = "Sum", period = 86400 },
    { title = "Set aside by a run, percent", metrics = [[var.metric_namespace, "QuarantinedRecordsPercent"]], stat = "Maximum", period = 3600 },
    { title = "Age of Silver, hours", metrics = [[var.metric_namespace, "SilverAgeHours"]], stat = "Maximum", period = 3600 },
    { title = "Glue runs that failed", metrics = [for job in sort(var.job_names) : ["Glue", "glue.error.ALL", "JobName", job, "JobRunId", "ALL", "Type", "count", "ObservabilityGroup", "error"]], stat = "Sum", period = 3600 },
    { title = "Builds of Gold that failed", metrics = [[var.metric_namespace, "GoldRunsFailed"]], stat = "Sum", period = 86400 },
    { title = "Dollars of Gold, a day", metrics = [[var.metric_namespace, "GoldDollars"]], stat = "Sum", period = 86400 },
  ]
  columns = 3
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name_prefix}-flow${var.suffix}"

  dashboard_body = jsonencode({
    widgets = [for place, chart in local.charts : {
      type   = "metric"
      x      = place % local.columns * 8
      y      = floor(place / local.columns) * 6
      width  = 8
      height = 6
      properties = {
        title   = chart.title
        metrics = chart.metrics
        stat    = chart.stat
        period  = chart.period
        region  = local.region
        view    = "timeSeries"
      }
    }]
  })
}
