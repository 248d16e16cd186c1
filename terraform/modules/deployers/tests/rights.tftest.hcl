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
  name_prefix = "tm-lakehouse"
  suffix      = "-111111111111"
  state       = { bucket = "state", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/state", object = "lakehouse/terraform.tfstate" }
}

run "who_plans_writes_nothing_but_the_lock" {
  command = plan

  assert {
    condition = alltrue(flatten([for key, document in data.aws_iam_policy_document.deployer : [
      for s in jsondecode(document.json).Statement : [
        for action in flatten([s.Action]) : contains(["StateLock", "StateKey"], s.Sid) || can(regex("^[a-z0-9]+:(Get|List|Describe|View)|^kms:Decrypt$", action))
      ]
    ] if startswith(key, "plan-")]))
    error_message = "A plan changes nothing."
  }
}

run "who_plans_reads_code_and_state_and_no_data" {
  command = plan

  assert {
    condition = toset(flatten([for key, document in data.aws_iam_policy_document.deployer : [
      for s in jsondecode(document.json).Statement : s.Resource if contains(flatten([s.Action]), "s3:GetObject")
      ] if startswith(key, "plan-")])) == toset([
      "arn:aws:s3:::tm-lakehouse-source-store-111111111111/jobs/*", "arn:aws:s3:::tm-lakehouse-airflow-111111111111/*",
      "arn:aws:s3:::state/lakehouse/terraform.tfstate", "arn:aws:s3:::state/lakehouse/terraform.tfstate.tflock",
    ])
    error_message = "A plan could read the lake's data."
  }
}

run "who_applies_makes_bounded_roles_only_and_attaches_no_policy" {
  command = plan

  assert {
    condition = alltrue(flatten([for document in values(data.aws_iam_policy_document.deployer) : [
      for s in jsondecode(document.json).Statement : try(s.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::111111111111:policy/boundary-tm-lakehouse-111111111111"
      if length(setintersection(flatten([s.Action]), ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePolicy"])) > 0
    ]]))
    error_message = "A role without the bound could be made."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([for document in values(data.aws_iam_policy_document.deployer) : [for s in jsondecode(document.json).Statement : s.Action]])),
      ["iam:*", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:DeleteRolePermissionsBoundary", "iam:CreateUser", "iam:CreateAccessKey", "sts:AssumeRole"],
    )) == 0
    error_message = "Who applies could make itself stronger."
  }
}

run "data_is_deleted_only_where_it_may_be" {
  command = plan

  assert {
    condition     = !contains(keys(data.aws_iam_policy_document.deployer), "apply-data")
    error_message = "An apply could delete what the buckets hold."
  }
}

run "data_may_be_deleted_with_a_disposable_environment" {
  command = plan

  variables {
    may_delete_data = true
  }

  assert {
    condition     = contains(keys(data.aws_iam_policy_document.deployer), "apply-data")
    error_message = "Destroy could not empty the buckets."
  }
}

run "what_is_for_everything_is_what_knows_no_resource_or_is_known_by_its_tag" {
  command = plan

  assert {
    condition = toset(flatten([for document in values(data.aws_iam_policy_document.deployer) : [
      for s in jsondecode(document.json).Statement : s.Sid if contains(flatten([s.Resource]), "*")
    ]])) == toset(["NewKeys", "KeyList", "LogGroupList", "NetworkList", "Network"])
    error_message = "A statement is about everything that need not be."
  }
}

run "every_policy_fits_what_aws_takes" {
  command = plan

  assert {
    condition     = alltrue([for document in concat(values(data.aws_iam_policy_document.deployer), [data.aws_iam_policy_document.never, data.aws_iam_policy_document.boundary]) : length(jsonencode(jsondecode(document.json))) <= 6144])
    error_message = "A managed policy has at most 6,144 characters."
  }
}

run "the_bound_allows_nothing_of_iam" {
  command = plan

  assert {
    condition     = length([for s in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : s.Sid if anytrue([for action in flatten([s.Action]) : startswith(action, "iam:") || action == "*"])]) == 0
    error_message = "A role could change roles."
  }
}

run "no_workflow_reads_data_or_becomes_another_role_whatever_lets_it" {
  command = plan

  assert {
    condition = [for s in jsondecode(data.aws_iam_policy_document.never.json).Statement : [s.Effect, s.Action, try(s.Resource, null)]] == [
      ["Deny", "s3:GetObject*", null], ["Deny", "sts:AssumeRole", "*"]
    ]
    error_message = "A bucket's policy or a role's trust could let a workflow in."
  }

  assert {
    condition = toset(jsondecode(data.aws_iam_policy_document.never.json).Statement[0].NotResource) == toset([
      "arn:aws:s3:::tm-lakehouse-source-store-111111111111/jobs/*", "arn:aws:s3:::tm-lakehouse-airflow-111111111111/*", "arn:aws:s3:::state/lakehouse/terraform.tfstate*",
    ])
    error_message = "More than code and state could be read."
  }
}
