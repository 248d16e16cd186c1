mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:111111111111:key/zone" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::bucket" }
  }
}

variables {
  name_prefix = "lake"
  suffix      = "-111111111111"
  zones = {
    landing    = { bucket = "landing-zone" }
    quarantine = { bucket = "quarantine", expire_days_by_prefix = { "silver/" = 90 } }
  }
}

run "a_zone_is_named_by_prefix_word_and_suffix" {
  assert {
    condition     = { for zone, bucket in output.zones : zone => bucket.name } == { landing = "lake-landing-zone-111111111111", quarantine = "lake-quarantine-111111111111" }
    error_message = "A bucket's name is the prefix, the zone's word and the suffix."
  }

  assert {
    condition     = output.access_log_bucket == "lake-access-logs-111111111111"
    error_message = "The access logs have a bucket of their own."
  }
}

run "each_zone_has_a_key_of_its_own_that_rotates" {
  command = plan

  assert {
    condition     = toset(keys(aws_kms_key.zone)) == toset(["landing", "quarantine"]) && alltrue([for key in values(aws_kms_key.zone) : key.enable_key_rotation])
    error_message = "One key per zone, rotated."
  }
}

run "rejects_a_key_window_that_kms_refuses" {
  command = plan

  variables {
    key_deletion_days = 3
  }

  expect_failures = [var.key_deletion_days]
}
