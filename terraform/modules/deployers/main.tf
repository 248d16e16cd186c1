data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  here       = "${data.aws_region.current.name}:${local.account_id}"
  own        = "${var.name_prefix}-"
  zones      = ["landing-zone", "source-store", "serve", "quarantine", "observability", "airflow", "access-logs"]
  bucket     = { for zone in local.zones : zone => "arn:aws:s3:::${local.own}${zone}${var.suffix}" }
  code       = ["${local.bucket["source-store"]}/jobs/*", "${local.bucket["airflow"]}/*"]
  databases  = [for name in sort(var.databases) : "arn:aws:glue:${local.here}:database/${name}"]
  catalog    = concat(["arn:aws:glue:${local.here}:catalog"], local.databases, [for name in sort(var.databases) : "arn:aws:glue:${local.here}:table/${name}/*"])
  roles      = "arn:aws:iam::${local.account_id}:role/${local.own}*"
  is_own     = { test = "StringEquals", variable = "aws:ResourceTag/Project", values = [var.name_prefix] }
  is_tagged  = { test = "StringEquals", variable = "aws:RequestTag/Project", values = [var.name_prefix] }
  is_bounded = { test = "StringEquals", variable = "iam:PermissionsBoundary", values = [local.boundary_arn] }
  by_s3      = { test = "StringEquals", variable = "kms:ViaService", values = ["s3.${data.aws_region.current.name}.amazonaws.com"] }

  # Written out, so that a plan shows the conditions before the policy exists.
  boundary     = "boundary-${var.name_prefix}${var.suffix}"
  boundary_arn = "arn:aws:iam::${local.account_id}:policy/${local.boundary}"

  # What the lakehouse is made of, in parts that each fit a managed policy: which resources, by what they are read, by
  # what they are changed. A plan reads, an apply does both.
  parts = {
    storage = {
      Buckets = {
        resources = values(local.bucket)
        reads     = ["s3:ListBucket", "s3:GetBucket*", "s3:GetAccelerateConfiguration", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration"]
        changes   = ["s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions", "s3:PutBucketLogging", "s3:PutBucketNotification", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"]
      }
      Code = {
        resources = local.code
        reads     = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"]
        changes   = ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion"]
      }
      CodeKeys = {
        resources  = ["arn:aws:kms:${local.here}:key/*"]
        conditions = [local.is_own, local.by_s3]
        reads      = ["kms:Decrypt"]
        changes    = ["kms:GenerateDataKey"]
      }
      Keys = {
        resources  = ["arn:aws:kms:${local.here}:key/*"]
        conditions = [local.is_own]
        reads      = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
        changes    = ["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateKeyDescription"]
      }
      KeysForServices = {
        resources  = ["arn:aws:kms:${local.here}:key/*"]
        conditions = [local.is_own, { test = "Bool", variable = "kms:GrantIsForAWSResource", values = ["true"] }]
        reads      = []
        changes    = ["kms:CreateGrant"]
      }
      NewKeys = {
        resources  = ["*"]
        conditions = [local.is_tagged]
        reads      = []
        changes    = ["kms:CreateKey", "kms:TagResource"]
      }
      KeyAliases = {
        resources = ["arn:aws:kms:${local.here}:alias/${local.own}*"]
        reads     = []
        changes   = ["kms:CreateAlias", "kms:DeleteAlias"]
      }
      KeyList = {
        resources = ["*"]
        reads     = ["kms:ListAliases"]
        changes   = []
      }
      Secrets = {
        resources = ["arn:aws:secretsmanager:${local.here}:secret:${local.own}*"]
        reads     = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]
        changes   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource", "secretsmanager:UpdateSecret"]
      }
    }

    flow = {
      Catalog = {
        resources = local.catalog
        reads     = ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitionIndexes"]
        changes   = ["glue:CreateDatabase", "glue:CreateTable", "glue:DeleteDatabase", "glue:DeleteTable", "glue:UpdateDatabase", "glue:UpdateTable"]
      }
      CatalogTags = {
        resources = concat(local.databases, ["arn:aws:glue:${local.here}:job/${local.own}*", "arn:aws:glue:${local.here}:trigger/${local.own}*"])
        reads     = ["glue:GetTags"]
        changes   = ["glue:TagResource", "glue:UntagResource"]
      }
      Jobs = {
        resources = ["arn:aws:glue:${local.here}:job/${local.own}*", "arn:aws:glue:${local.here}:trigger/${local.own}*"]
        reads     = ["glue:GetJob", "glue:GetTrigger"]
        changes   = ["glue:CreateJob", "glue:CreateTrigger", "glue:DeleteJob", "glue:DeleteTrigger", "glue:UpdateJob", "glue:UpdateTrigger"]
      }
      Workgroup = {
        resources = ["arn:aws:athena:${local.here}:workgroup/${local.own}*", "arn:aws:athena:${local.here}:workgroup/${var.name_prefix}${var.suffix}"]
        reads     = ["athena:GetNamedQuery", "athena:GetWorkGroup", "athena:ListTagsForResource"]
        changes   = ["athena:CreateNamedQuery", "athena:CreateWorkGroup", "athena:DeleteNamedQuery", "athena:DeleteWorkGroup", "athena:TagResource", "athena:UpdateWorkGroup"]
      }
      Airflow = {
        resources = ["arn:aws:airflow:${local.here}:environment/${local.own}*", "arn:aws:airflow:${local.here}:environment/${var.name_prefix}${var.suffix}"]
        reads     = ["airflow:GetEnvironment", "airflow:ListTagsForResource"]
        changes   = ["airflow:CreateEnvironment", "airflow:DeleteEnvironment", "airflow:TagResource", "airflow:UpdateEnvironment"]
      }
      Pools = {
        resources = ["arn:aws:airflow:${local.here}:role/${local.own}*/Admin", "arn:aws:airflow:${local.here}:role/${var.name_prefix}${var.suffix}/Admin"]
        reads     = []
        changes   = ["airflow:InvokeRestApi"]
      }
      Roles = {
        resources = [local.roles]
        reads     = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"]
        changes   = ["iam:DeleteRole", "iam:ListInstanceProfilesForRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
      }
      BoundedRoles = {
        resources  = [local.roles]
        conditions = [local.is_bounded]
        reads      = []
        changes    = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      }
      RolesOfServices = {
        resources  = [local.roles]
        conditions = [{ test = "StringEquals", variable = "iam:PassedToService", values = ["airflow.amazonaws.com", "glue.amazonaws.com", "vpc-flow-logs.amazonaws.com"] }]
        reads      = []
        changes    = ["iam:PassRole"]
      }
    }

    watch = {
      LogGroups = {
        resources = ["arn:aws:logs:${local.here}:log-group:/aws-glue/jobs/*", "arn:aws:logs:${local.here}:log-group:airflow-${var.name_prefix}*", "arn:aws:logs:${local.here}:log-group:/*${local.own}*", "arn:aws:logs:${local.here}:log-group:/vpc/${var.name_prefix}*"]
        reads     = ["logs:ListTagsForResource"]
        changes   = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"]
      }
      LogGroupList = {
        resources = ["*"]
        reads     = ["logs:DescribeLogGroups"]
        changes   = []
      }
      Alarms = {
        resources = ["arn:aws:cloudwatch:${local.here}:alarm:${local.own}*"]
        reads     = ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"]
        changes   = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"]
      }
      Dashboards = {
        resources = ["arn:aws:cloudwatch::${local.account_id}:dashboard/${local.own}*"]
        reads     = ["cloudwatch:GetDashboard"]
        changes   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
      }
      Budgets = {
        resources = ["arn:aws:budgets::${local.account_id}:budget/${local.own}*"]
        reads     = ["budgets:ViewBudget", "budgets:ListTagsForResource"]
        changes   = ["budgets:ModifyBudget", "budgets:TagResource"]
      }
      Rules = {
        resources = ["arn:aws:events:${local.here}:rule/${local.own}*"]
        reads     = ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"]
        changes   = ["events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource"]
      }
      Topics = {
        resources = ["arn:aws:sns:${local.here}:${local.own}*"]
        reads     = ["sns:GetTopicAttributes", "sns:GetSubscriptionAttributes", "sns:ListTagsForResource"]
        changes   = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe"]
      }
      Queues = {
        resources = ["arn:aws:sqs:${local.here}:${local.own}*"]
        reads     = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"]
        changes   = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"]
      }
    }

    # A network's parts get their ids from AWS: what exists is known by its tag.
    network = {
      NetworkList = {
        resources = ["*"]
        reads     = ["ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute", "ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways", "ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribePrefixLists", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"]
        changes   = []
      }
      Network = {
        resources = ["*"]
        reads     = []
        changes   = ["ec2:AllocateAddress", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateRoute", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateTags", "ec2:CreateVpc", "ec2:CreateVpcEndpoint", "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteRoute", "ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints", "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReleaseAddress", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"]
      }
    }

    state = {
      StateBucket = {
        resources = ["arn:aws:s3:::${var.state.bucket}"]
        reads     = ["s3:ListBucket"]
        changes   = []
      }
      State = {
        resources = ["arn:aws:s3:::${var.state.bucket}/${var.state.object}"]
        reads     = ["s3:GetObject"]
        changes   = ["s3:PutObject"]
      }
      StateLock = {
        resources = ["arn:aws:s3:::${var.state.bucket}/${var.state.object}.tflock"]
        reads     = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        changes   = []
      }
      StateKey = {
        resources  = [var.state.kms_key_arn]
        conditions = [local.by_s3]
        reads      = ["kms:Decrypt", "kms:GenerateDataKey"]
        changes    = []
      }
    }

    data = {
      Data = {
        resources = [for arn in values(local.bucket) : "${arn}/*"]
        reads     = []
        changes   = var.may_delete_data ? ["s3:DeleteObject", "s3:DeleteObjectVersion"] : []
      }
    }
  }

  documents = merge([
    for role in ["plan", "apply"] : {
      for part, things in local.parts : "${role}-${part}" => {
        role = role
        part = part
        statements = { for name, thing in things : name => merge({ conditions = [] }, thing, {
          actions = role == "plan" ? thing.reads : concat(thing.reads, thing.changes)
        }) if length(role == "plan" ? thing.reads : concat(thing.reads, thing.changes)) > 0 }
      }
    }
  ]...)
}

data "aws_iam_policy_document" "deployer" {
  for_each = { for key, document in local.documents : key => document.statements if length(document.statements) > 0 }

  dynamic "statement" {
    for_each = each.value

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

# Who may write a bucket's policy or a role's trust could let itself in by it: a refusal of its own can't be written away.
data "aws_iam_policy_document" "never" {
  statement {
    sid           = "ReadData"
    effect        = "Deny"
    actions       = ["s3:GetObject*"]
    not_resources = concat(local.code, ["arn:aws:s3:::${var.state.bucket}/${var.state.object}*"])
  }

  statement {
    sid       = "BecomeAnother"
    effect    = "Deny"
    actions   = ["sts:AssumeRole"]
    resources = ["*"]
  }
}

# Their names begin otherwise than the lakehouse's own: who applies the lakehouse may change neither these nor the bound.
resource "aws_iam_policy" "deployer" {
  for_each = data.aws_iam_policy_document.deployer

  name        = "${local.documents[each.key].role}-${var.name_prefix}-${local.documents[each.key].part}${var.suffix}"
  description = "What a workflow may do that is to ${local.documents[each.key].role} the lakehouse: ${local.documents[each.key].part}."
  policy      = each.value.json
}

resource "aws_iam_policy" "never" {
  name        = "never-${var.name_prefix}${var.suffix}"
  description = "What no workflow may do, whatever else lets it."
  policy      = data.aws_iam_policy_document.never.json
}

# The most that any role of the lakehouse may ever do, whatever its own policy says: work with the lake's own data,
# never with IAM, never with how anything is set up.
data "aws_iam_policy_document" "boundary" {
  #checkov:skip=CKV_AWS_356: a boundary allows nothing by itself, and these actions know no resource
  statement {
    sid       = "Data"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject*", "s3:ListMultipartUploadParts", "s3:PutObject"]
    resources = [for arn in values(local.bucket) : "${arn}/*"]
  }

  statement {
    sid       = "Buckets"
    actions   = ["s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:ListBucket"]
    resources = values(local.bucket)
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"]
    resources = ["arn:aws:kms:${local.here}:key/*"]

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.*.amazonaws.com", "sns.*.amazonaws.com", "sqs.*.amazonaws.com"]
    }
  }

  statement {
    sid       = "Catalog"
    actions   = ["glue:*Partition*", "glue:BatchDeleteTable*", "glue:CreateTable", "glue:DeleteTable*", "glue:GetDatabase", "glue:GetTable*", "glue:UpdateTable"]
    resources = local.catalog
  }

  # The list of databases can't be narrowed to some: AWS asks for the right to all of them.
  statement {
    sid       = "ListDatabases"
    actions   = ["glue:GetDatabases"]
    resources = ["arn:aws:glue:${local.here}:catalog", "arn:aws:glue:${local.here}:database/*"]
  }

  statement {
    sid       = "Jobs"
    actions   = ["glue:BatchStopJobRun", "glue:GetJob", "glue:GetJobRun*", "glue:StartJobRun"]
    resources = ["arn:aws:glue:${local.here}:job/${local.own}*"]
  }

  statement {
    sid       = "Queries"
    actions   = ["athena:BatchGet*", "athena:Get*", "athena:List*", "athena:StartQueryExecution", "athena:StopQueryExecution"]
    resources = ["arn:aws:athena:${local.here}:workgroup/${var.name_prefix}*", "arn:aws:athena:${local.here}:datacatalog/AwsDataCatalog"]
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLog*", "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:Get*", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${local.here}:log-group:/aws-glue/*", "arn:aws:logs:${local.here}:log-group:airflow-${var.name_prefix}*", "arn:aws:logs:${local.here}:log-group:/*${local.own}*", "arn:aws:logs:${local.here}:log-group:/vpc/${var.name_prefix}*"]
  }

  statement {
    sid       = "Messages"
    actions   = ["sns:Publish", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueue*", "sqs:ReceiveMessage", "sqs:SendMessage"]
    resources = ["arn:aws:sns:${local.here}:${local.own}*", "arn:aws:sqs:${local.here}:${local.own}*", "arn:aws:sqs:${data.aws_region.current.name}:*:airflow-celery-*"]
  }

  statement {
    sid       = "OtherRoles"
    actions   = ["sts:AssumeRole"]
    resources = [local.roles]
  }

  statement {
    sid       = "Health"
    actions   = ["airflow:PublishMetrics"]
    resources = ["arn:aws:airflow:${local.here}:environment/${var.name_prefix}*"]
  }

  statement {
    sid       = "KnowNoResource"
    actions   = ["cloudwatch:PutMetricData", "logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = local.boundary
  description = "The most that any role of the lakehouse may ever do."
  policy      = data.aws_iam_policy_document.boundary.json
}
