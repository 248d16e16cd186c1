mock_provider "aws" {}

variables {
  name             = "lake"
  results_location = "s3://lake-observability/athena-results/"
  results_key_arn  = "arn:aws:kms:us-east-1:111111111111:key/observability"
  scan_limit_bytes = 1073741824
  databases        = { silver = "silver_dev", gold = "gold_dev", observability = "runs_dev" }
}

run "a_client_can_change_neither_place_key_nor_limit" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration
    error_message = "A client's own settings would win."
  }

  assert {
    condition = [
      aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location,
      aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option,
      aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn,
    ] == ["s3://lake-observability/athena-results/", "SSE_KMS", "arn:aws:kms:us-east-1:111111111111:key/observability"]
    error_message = "Results go to the given place, encrypted with the given key."
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 1073741824
    error_message = "Queries have no scan limit."
  }

  # Iceberg needs engine version 3.
  assert {
    condition     = aws_athena_workgroup.this.configuration[0].engine_version[0].selected_engine_version == "Athena engine version 3"
    error_message = "Older engines don't write Iceberg."
  }
}

run "saved_queries_ask_the_databases_of_this_deployment" {
  command = plan

  assert {
    condition     = toset([for query in aws_athena_named_query.this : query.database]) == toset(["silver_dev", "gold_dev", "runs_dev"])
    error_message = "A saved query names another deployment's database."
  }
}

run "rejects_a_limit_that_athena_refuses" {
  command = plan

  variables {
    scan_limit_bytes = 1000
  }

  expect_failures = [var.scan_limit_bytes]
}

run "rejects_results_at_the_root_of_a_bucket" {
  command = plan

  variables {
    results_location = "s3://lake-observability/"
  }

  expect_failures = [var.results_location]
}
