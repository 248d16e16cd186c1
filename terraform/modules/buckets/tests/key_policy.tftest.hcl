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
  name_prefix = "lake"
  zones = {
    landing       = { bucket = "landing-zone" }
    observability = { bucket = "observability", key_services = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }
  }
}

run "only_named_services_may_use_a_key" {
  command = plan

  assert {
    condition = jsonencode({
      for zone, document in data.aws_iam_policy_document.key : zone => sort([
        for s in jsondecode(document.json).Statement : s.Principal.Service if can(s.Principal.Service)
      ])
    }) == jsonencode({ landing = [], observability = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] })
    error_message = "A service that nobody named could use a zone's key, or a named one couldn't: its messages would vanish."
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.key["landing"].json).Statement : s.Principal.AWS] == ["arn:aws:iam::111111111111:root"]
    error_message = "The account itself must be able to manage its key."
  }
}

run "only_s3s_log_delivery_of_this_account_writes_access_logs" {
  command = plan

  assert {
    condition = [for s in jsondecode(data.aws_iam_policy_document.access_logs.json).Statement : [s.Principal.Service, s.Action, s.Condition.StringEquals["aws:SourceAccount"]]] == [
      ["logging.s3.amazonaws.com", "s3:PutObject", "111111111111"]
    ]
    error_message = "Another account's logs could be written here."
  }
}
