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
