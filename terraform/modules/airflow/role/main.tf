locals {
  here            = "${var.region}:${var.account_id}"
  environment_arn = "arn:aws:airflow:${local.here}:environment/${var.environment}"
  own_log_groups  = "arn:aws:logs:${local.here}:log-group:airflow-${var.environment}-*"
  job_arns        = [for name in sort(var.job_names) : "arn:aws:glue:${local.here}:job/${name}"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [local.environment_arn]
    }
  }
}

# What MWAA itself needs, as its documentation lists it, narrowed to this environment.
data "aws_iam_policy_document" "service" {
  #checkov:skip=CKV_AWS_356: the three listed actions know no resource
  statement {
    sid       = "TellHealth"
    actions   = ["airflow:PublishMetrics"]
    resources = [local.environment_arn]
  }

  statement {
    sid       = "ReadDags"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${var.bucket.arn}/*"]
  }

  statement {
    sid       = "InspectDagBucket"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration"]
    resources = [var.bucket.arn]
  }

  statement {
    sid       = "WriteAndShowLogs"
    actions   = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents", "logs:GetLogEvents", "logs:GetLogRecord", "logs:GetLogGroupFields", "logs:GetQueryResults"]
    resources = [local.own_log_groups]
  }

  statement {
    sid       = "ReadJobLogs"
    actions   = ["logs:GetLogEvents"]
    resources = ["arn:aws:logs:${local.here}:log-group:/aws-glue/jobs/*"]
  }

  statement {
    sid       = "KnowNoResource"
    actions   = ["s3:GetAccountPublicAccessBlock", "logs:DescribeLogGroups"]
    resources = ["*"]
  }

  statement {
    sid       = "PublishMetrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["AmazonMWAA"]
    }
  }

  # The queue between schedulers and workers lies in an account of AWS's.
  statement {
    sid       = "QueueTasks"
    actions   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:SendMessage"]
    resources = ["arn:aws:sqs:${var.region}:*:airflow-celery-*"]
  }

  statement {
    sid       = "UseOwnKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"]
    resources = [var.bucket.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${var.region}.amazonaws.com", "s3.${var.region}.amazonaws.com"]
    }
  }
}

# What the pipeline needs: it starts the jobs that exist and makes none, and passes no role on.
data "aws_iam_policy_document" "pipeline" {
  source_policy_documents = [data.aws_iam_policy_document.service.json]

  statement {
    sid       = "RunJobs"
    actions   = ["glue:GetJob", "glue:StartJobRun", "glue:GetJobRun"]
    resources = local.job_arns
  }

  dynamic "statement" {
    for_each = length(var.role_arns) > 0 ? [1] : []

    content {
      sid       = "WorkUnderOtherRoles"
      actions   = ["sts:AssumeRole"]
      resources = sort(var.role_arns)
    }
  }

  dynamic "statement" {
    for_each = length(var.event_queue_arns) > 0 ? [1] : []

    content {
      sid       = "ReadEvents"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      resources = sort(var.event_queue_arns)
    }
  }

  # Who keeps the tables in shape: Glue's optimizers, or the pipeline.
  dynamic "statement" {
    for_each = length(var.databases) > 0 ? [1] : []

    content {
      sid       = "SeeOptimizers"
      actions   = ["glue:GetTables", "glue:GetTable", "glue:GetTableOptimizer"]
      resources = concat(["arn:aws:glue:${local.here}:catalog"], flatten([for name in sort(var.databases) : ["arn:aws:glue:${local.here}:database/${name}", "arn:aws:glue:${local.here}:table/${name}/*"]]))
    }
  }

  statement {
    sid       = "TellFailures"
    actions   = ["sns:Publish"]
    resources = [var.alerts.topic_arn]
  }

  statement {
    sid       = "EncryptAlerts"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.alerts.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sns.${var.region}.amazonaws.com"]
    }
  }
}

module "role" {
  source = "../../iam/role"

  name                     = var.name
  description              = "Airflow: starts the lake's jobs, watches them, and lets dbt build Gold under dbt's own role."
  account_id               = var.account_id
  region                   = var.region
  trust_policy             = data.aws_iam_policy_document.trust.json
  permissions_boundary_arn = var.permissions_boundary_arn
  buckets                  = var.lake_buckets
  further_policy           = data.aws_iam_policy_document.pipeline.json
}
