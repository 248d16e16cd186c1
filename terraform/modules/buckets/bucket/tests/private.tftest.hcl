mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name                 = "lake-landing-zone"
  kms_key_arn          = "arn:aws:kms:us-east-1:111111111111:key/landing"
  access_log_bucket    = "lake-access-logs"
  keep_noncurrent_days = 30
}

run "a_bucket_is_private_versioned_and_logged" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "The public could reach the bucket."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Objects could belong to other accounts."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "A replaced file could not be brought back."
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "lake-access-logs" && aws_s3_bucket_logging.this[0].target_prefix == "lake-landing-zone/"
    error_message = "Nobody could tell who read the bucket."
  }
}

run "a_zone_encrypts_with_its_own_key" {
  command = plan

  assert {
    condition = [for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : [
      rule.apply_server_side_encryption_by_default[0].sse_algorithm, rule.apply_server_side_encryption_by_default[0].kms_master_key_id, rule.bucket_key_enabled
    ]] == [["aws:kms", "arn:aws:kms:us-east-1:111111111111:key/landing", true]]
    error_message = "A zone's objects are encrypted with the zone's key, through a bucket key."
  }
}

# S3 delivers no access logs into a bucket whose default key is KMS's.
run "the_access_log_bucket_uses_s3s_key_and_logs_nowhere" {
  command = plan

  variables {
    kms_key_arn       = null
    access_log_bucket = null
  }

  assert {
    condition     = [for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm] == ["AES256"]
    error_message = "Without a key the bucket encrypts with S3's."
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0
    error_message = "The bucket of access logs would log into itself."
  }
}

run "only_named_prefixes_expire" {
  command = plan

  variables {
    expire_days_by_prefix = { "temporary/" = 7 }
  }

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.filter[0].prefix => rule.expiration[0].days if length(rule.expiration) > 0 } == { "temporary/" = 7 }
    error_message = "Only what is under a named prefix expires."
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.noncurrent_version_expiration[0].noncurrent_days if length(rule.noncurrent_version_expiration) > 0] == [30]
    error_message = "Replaced objects are kept as long as asked, and no longer."
  }
}

# Glue's compaction would fail on files that S3 had removed, and the table would be unreadable.
run "rejects_expiry_under_the_warehouse" {
  command = plan

  variables {
    expire_days_by_prefix = { "warehouse/silver/" = 30 }
  }

  expect_failures = [var.expire_days_by_prefix]
}

run "rejects_expiry_of_a_prefix_that_covers_the_warehouse" {
  command = plan

  variables {
    expire_days_by_prefix = { "w" = 30 }
  }

  expect_failures = [var.expire_days_by_prefix]
}

run "rejects_expiry_before_creation" {
  command = plan

  variables {
    expire_days_by_prefix = { "temporary/" = 0 }
  }

  expect_failures = [var.expire_days_by_prefix]
}

run "rejects_a_name_that_s3_refuses" {
  command = plan

  variables {
    name = "Lake_Landing"
  }

  expect_failures = [var.name]
}
