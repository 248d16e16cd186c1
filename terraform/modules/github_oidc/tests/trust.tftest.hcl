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
  repository   = "owner/lake"
  provider_arn = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
  roles = {
    plan  = { name = "plan-lake", description = "Plans.", github_environment = "dev-plan", policy_arns = {} }
    apply = { name = "apply-lake", description = "Applies.", github_environment = "dev", policy_arns = {} }
  }
}

run "each_role_trusts_one_environment_of_one_repository" {
  command = plan

  assert {
    condition = { for role, document in data.aws_iam_policy_document.trust : role => jsondecode(document.json).Statement } == {
      for role, workflow in { plan = "dev-plan", apply = "dev" } : role => [{
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" }
        Condition = { StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:owner/lake:environment:${workflow}"
        } }
      }]
    }
    error_message = "Audience and subject are compared exactly."
  }
}

run "a_provider_that_exists_is_not_made_again" {
  command = plan

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "An account has one provider for an issuer."
  }
}

run "a_provider_is_made_where_there_is_none" {
  command = plan

  variables {
    provider_arn = null
    roles        = {}
  }

  assert {
    condition     = one(aws_iam_openid_connect_provider.github[*].client_id_list) == toset(["sts.amazonaws.com"])
    error_message = "Tokens for another audience would be taken."
  }
}

run "a_wildcard_for_the_environment_is_refused" {
  command = plan

  variables {
    roles = { apply = { name = "apply-lake", description = "Applies.", github_environment = "*", policy_arns = {} } }
  }

  expect_failures = [var.roles]
}

run "two_roles_for_one_environment_are_refused" {
  command = plan

  variables {
    roles = {
      plan  = { name = "plan-lake", description = "Plans.", github_environment = "dev", policy_arns = {} }
      apply = { name = "apply-lake", description = "Applies.", github_environment = "dev", policy_arns = {} }
    }
  }

  expect_failures = [var.roles]
}
