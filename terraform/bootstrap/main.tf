data "aws_caller_identity" "current" {}

import {
  to = module.state.aws_s3_bucket.this
  id = var.state_bucket
}

data "aws_iam_policy_document" "state_key" {
  #checkov:skip=CKV_AWS_109: in a key's policy the resource "*" is that key, and without this statement nobody could manage it
  #checkov:skip=CKV_AWS_111: in a key's policy the resource "*" is that key
  #checkov:skip=CKV_AWS_356: in a key's policy the resource "*" is that key
  statement {
    sid       = "AccountDecidesByIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "state" {
  description             = "Encrypts Terraform's state of ${var.name_prefix}."
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.state_key.json
}

resource "aws_kms_alias" "state" {
  name          = "alias/terraform-state-${var.name_prefix}${var.suffix}"
  target_key_id = aws_kms_key.state.key_id
}

module "state" {
  source = "../modules/buckets/bucket"

  name                 = var.state_bucket
  kms_key_arn          = aws_kms_key.state.arn
  keep_noncurrent_days = 365
}

module "deployers" {
  source = "../modules/deployers"

  name_prefix     = var.name_prefix
  suffix          = var.suffix
  state           = { bucket = module.state.name, kms_key_arn = aws_kms_key.state.arn, object = var.state_object }
  databases       = var.databases
  may_delete_data = var.may_delete_data
}

# Jobs that plan have an environment of their own, so that each role's subject is one exact text.
module "github_oidc" {
  source = "../modules/github_oidc"

  repository   = var.github_repository
  provider_arn = var.github_oidc_provider_arn
  roles = {
    plan = {
      name               = "plan-${var.name_prefix}${var.suffix}"
      description        = "Workflows that show what an apply would change."
      github_environment = "${var.environment}-plan"
      policy_arns        = module.deployers.policy_arns["plan"]
    }
    apply = {
      name               = "apply-${var.name_prefix}${var.suffix}"
      description        = "Workflows that create and change the lakehouse."
      github_environment = var.environment
      policy_arns        = module.deployers.policy_arns["apply"]
    }
  }
}
