data "aws_caller_identity" "current" {}

locals {
  access_logs_name = "${var.name_prefix}-access-logs${var.suffix}"
}

resource "aws_kms_key" "zone" {
  for_each = var.zones

  description             = "Encrypts the ${each.value.bucket} zone of ${var.name_prefix}."
  enable_key_rotation     = true
  deletion_window_in_days = var.key_deletion_days
  policy                  = data.aws_iam_policy_document.key[each.key].json
}

resource "aws_kms_alias" "zone" {
  for_each = var.zones

  name          = "alias/${var.name_prefix}-${each.value.bucket}${var.suffix}"
  target_key_id = aws_kms_key.zone[each.key].key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109: in a key's policy the resource "*" is that key, and without this statement nobody could manage it
  #checkov:skip=CKV_AWS_111: in a key's policy the resource "*" is that key
  #checkov:skip=CKV_AWS_356: in a key's policy the resource "*" is that key
  for_each = var.zones

  statement {
    sid       = "AccountDecidesByIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  # Without a condition on the source: EventBridge names none when it publishes to an encrypted topic, and its messages
  # would vanish. Which topic, queue or log group a service may write to is for that resource's own policy to say.
  dynamic "statement" {
    for_each = each.value.key_services

    content {
      sid       = "Service${replace(title(replace(statement.value, ".", " ")), " ", "")}"
      actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }
}

module "access_logs" {
  source = "./bucket"

  name                  = local.access_logs_name
  policy                = data.aws_iam_policy_document.access_logs.json
  expire_days_by_prefix = { "${var.name_prefix}-" = var.keep_access_logs_days }
  keep_noncurrent_days  = 1
  force_destroy         = var.force_destroy
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "ReceiveAccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${local.access_logs_name}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

module "zone" {
  source   = "./bucket"
  for_each = var.zones

  name                  = "${var.name_prefix}-${each.value.bucket}${var.suffix}"
  kms_key_arn           = aws_kms_key.zone[each.key].arn
  access_log_bucket     = module.access_logs.name
  expire_days_by_prefix = each.value.expire_days_by_prefix
  keep_noncurrent_days  = var.keep_noncurrent_days
  force_destroy         = var.force_destroy
}
