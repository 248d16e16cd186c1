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
  name_prefix        = "lake"
  metric_namespace   = "lake"
  workgroup          = "lake"
  kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/observability"
  log_retention_days = 30
  job_names          = ["lake-landing-to-silver"]
}

run "alarms_and_rules_may_publish_and_nobody_else" {
  command = plan

  assert {
    condition = {
      for s in jsondecode(data.aws_iam_policy_document.alerts.json).Statement : s.Sid => [toset(flatten([s.Principal.Service])), s.Action, s.Resource]
      } == {
      AlarmsAndBudgetsPublish = [toset(["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]), "sns:Publish", "arn:aws:sns:us-east-1:111111111111:lake-alerts"]
      RulesPublish            = [toset(["events.amazonaws.com"]), "sns:Publish", "arn:aws:sns:us-east-1:111111111111:lake-alerts"]
    }
    error_message = "Alarms and rules publish to the topic, and only they."
  }
}
