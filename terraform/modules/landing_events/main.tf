data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  name       = "${var.name_prefix}-landing-events${var.suffix}"
  account_id = data.aws_caller_identity.current.account_id

  # Written out, so that a plan shows the policy before the queue exists.
  queue_arn = "arn:aws:sqs:${data.aws_region.current.name}:${local.account_id}:${local.name}"

  # S3 matches the filter with a key's percent-encoded form, in which only slashes stay as they are.
  filter_prefix = replace(urlencode(var.prefix), "%2F", "/")
}

# Whoever reads the queue looks at the landing zone itself: a lost event is made up for by the next look.
resource "aws_sqs_queue" "this" {
  name                      = local.name
  message_retention_seconds = var.keep_seconds
  receive_wait_time_seconds = 20
  # S3 may then send without a right to any key of ours, and the messages hold names of objects only.
  sqs_managed_sse_enabled = true
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "LandingZoneTells"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [var.bucket.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }

  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.queue_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.url
  policy    = data.aws_iam_policy_document.queue.json
}

resource "aws_s3_bucket_notification" "landed" {
  bucket = var.bucket.name

  queue {
    id            = "course-files"
    queue_arn     = aws_sqs_queue.this.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = local.filter_prefix
  }

  # S3 tries the queue before it takes the notification.
  depends_on = [aws_sqs_queue_policy.this]
}
