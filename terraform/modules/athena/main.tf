resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Queries of the golf telemetry lakehouse."
  force_destroy = var.force_destroy

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.scan_limit_bytes

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = var.results_location

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.results_key_arn
      }
    }
  }
}

locals {
  questions = {
    latest-runs = {
      description = "What the latest run of each course and ingest date did, the newest first."
      database    = var.databases.observability
      query       = "SELECT * FROM latest_silver_runs ORDER BY finished_at DESC LIMIT 50"
    }
    quarantine-reasons = {
      description = "How much of which course's data the latest runs set aside, and why."
      database    = var.databases.observability
      query       = "SELECT course_id, reason, count(*) AS records FROM latest_quarantined_records GROUP BY course_id, reason ORDER BY records DESC"
    }
    rows-by-course = {
      description = "Rows and rounds in Silver by course."
      database    = var.databases.silver
      query       = "SELECT course_id, count(*) AS fixes, count(DISTINCT round_id) AS rounds FROM fact_telemetry_event GROUP BY course_id ORDER BY fixes DESC"
    }
    pace-by-course = {
      description = "How far behind or ahead of its goal a course plays, in seconds."
      database    = var.databases.gold
      query       = "SELECT course_id, count(*) AS rounds, avg(avg_pace_sec) AS pace_sec FROM fact_rounds GROUP BY course_id ORDER BY pace_sec DESC"
    }
  }
}

resource "aws_athena_named_query" "this" {
  for_each = local.questions

  name        = each.key
  description = each.value.description
  workgroup   = aws_athena_workgroup.this.id
  database    = each.value.database
  query       = each.value.query
}
