# The real provider, offline: a policy document is rendered without any call to AWS, and a mock would hide its JSON.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "offline"
  secret_key                  = "offline"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

variables {
  name           = "lake"
  vpc_id         = "vpc-1"
  kms_key_arn    = "arn:aws:kms:us-east-1:111111111111:key/observability"
  retention_days = 30
}

run "the_role_writes_its_own_group_and_nothing_else" {
  command = plan

  assert {
    condition     = toset(flatten([for s in jsondecode(data.aws_iam_policy_document.write.json).Statement : s.Resource])) == toset(["arn:aws:logs:us-east-1:111111111111:log-group:/vpc/lake", "arn:aws:logs:us-east-1:111111111111:log-group:/vpc/lake:*"])
    error_message = "The role could write other logs."
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.trust.json).Statement : [s.Principal.Service, s.Condition.StringEquals["aws:SourceAccount"]]] == [["vpc-flow-logs.amazonaws.com", "111111111111"]]
    error_message = "Flow logs could be made to act for another account."
  }
}

run "all_traffic_is_logged_encrypted_and_for_a_while" {
  command = plan

  assert {
    condition     = [aws_flow_log.this.traffic_type, aws_cloudwatch_log_group.this.kms_key_id, aws_cloudwatch_log_group.this.retention_in_days] == ["ALL", var.kms_key_arn, 30]
    error_message = "Flow logs show all traffic, with the key, for as long as the environment says."
  }
}
