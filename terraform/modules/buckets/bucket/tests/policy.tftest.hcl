# The real provider, offline: a policy document is rendered without any call to AWS, and a mock would hide its JSON.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  name                 = "lake-serve"
  keep_noncurrent_days = 1
}

run "unencrypted_transport_is_refused_for_the_bucket_and_every_object" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.this.json).Statement == [{
      Sid       = "RefuseUnencryptedTransport"
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = ["arn:aws:s3:::lake-serve/*", "arn:aws:s3:::lake-serve"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Plain HTTP must be refused for all."
  }
}

run "further_statements_are_kept_beside_the_refusal" {
  command = plan

  variables {
    policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Extra\",\"Effect\":\"Allow\",\"Action\":\"s3:PutObject\",\"Resource\":\"*\",\"Principal\":{\"Service\":\"logging.s3.amazonaws.com\"}}]}"
  }

  assert {
    condition     = toset([for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Sid]) == toset(["Extra", "RefuseUnencryptedTransport"])
    error_message = "Given statements and the refusal stand together."
  }
}
