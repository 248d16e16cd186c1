locals {
  here = "${var.region}:${var.account_id}"

  object_actions = {
    list   = []
    read   = ["s3:GetObject"]
    add    = ["s3:PutObject", "s3:AbortMultipartUpload"]
    extend = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    change = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    write  = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
  }
  # Whoever only adds needs no answer to whether something is there.
  listed  = { for zone, bucket in var.buckets : zone => bucket if length(setsubtract(values(bucket.prefixes), ["add"])) > 0 }
  opened  = { for zone, bucket in var.buckets : zone => bucket if length(setsubtract(values(bucket.prefixes), ["list"])) > 0 }
  written = { for zone, bucket in var.buckets : zone => bucket if length(setsubtract(values(bucket.prefixes), ["list", "read"])) > 0 }

  # Spark asks for one table after another, Athena for the database too; whoever looks around, for all tables.
  query_rights  = try(var.queries.rights, "none")
  read_tables   = lookup({ none = ["glue:GetTable"], run = ["glue:GetDatabase", "glue:GetTable"] }, local.query_rights, ["glue:GetDatabase", "glue:GetTable", "glue:GetTables"])
  update_tables = concat(local.read_tables, ["glue:UpdateTable"])
  create_tables = concat(local.update_tables, ["glue:CreateTable"])
  table_actions = { read = local.read_tables, update = local.update_tables, create = local.create_tables }

  run_queries    = ["athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"]
  watch_queries  = concat(local.run_queries, ["athena:GetWorkGroup", "athena:ListQueryExecutions", "athena:BatchGetQueryExecution"])
  browse_queries = concat(local.watch_queries, ["athena:GetQueryResultsStream", "athena:GetNamedQuery", "athena:BatchGetNamedQuery", "athena:ListNamedQueries", "athena:GetPreparedStatement", "athena:ListPreparedStatements"])
  query_actions  = { run = local.run_queries, watch = local.watch_queries, browse = local.browse_queries }

  key_use = {
    DecryptThroughS3 = { actions = ["kms:Decrypt"], buckets = local.opened }
    EncryptThroughS3 = { actions = ["kms:GenerateDataKey"], buckets = local.written }
  }

  # One statement for each bucket and kind of access, so that prefixes of one kind share it.
  object_access = merge([
    for zone, bucket in var.buckets : {
      for access in setsubtract(values(bucket.prefixes), ["list"]) : "${zone}-${access}" => {
        actions   = local.object_actions[access]
        resources = [for prefix, granted in bucket.prefixes : "${bucket.arn}/${prefix}*" if granted == access]
      }
    }
  ]...)
}

data "aws_iam_policy_document" "this" {
  dynamic "statement" {
    for_each = local.object_access

    content {
      sid       = "Objects${replace(title(replace(statement.key, "-", " ")), " ", "")}"
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  dynamic "statement" {
    for_each = local.listed

    content {
      sid       = "List${title(statement.key)}"
      actions   = ["s3:ListBucket"]
      resources = [statement.value.arn]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = flatten([for prefix in keys(statement.value.prefixes) : [trimsuffix(prefix, "/"), "${prefix}*"]])
      }
    }
  }

  dynamic "statement" {
    for_each = var.queries != null && length(var.buckets) > 0 ? [1] : []

    content {
      sid       = "LocateBuckets"
      actions   = ["s3:GetBucketLocation"]
      resources = [for bucket in values(var.buckets) : bucket.arn]
    }
  }

  # A large object is written in parts, which S3 also has to decrypt.
  dynamic "statement" {
    for_each = { for sid, use in local.key_use : sid => use if length(use.buckets) > 0 }

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = [for bucket in values(statement.value.buckets) : bucket.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${var.region}.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.databases

    content {
      sid       = "Tables${replace(title(replace(statement.key, "_", " ")), " ", "")}"
      actions   = local.table_actions[statement.value]
      resources = ["arn:aws:glue:${local.here}:catalog", "arn:aws:glue:${local.here}:database/${statement.key}", "arn:aws:glue:${local.here}:table/${statement.key}/*"]
    }
  }

  source_policy_documents = compact([data.aws_iam_policy_document.services.json, var.further_policy])
}

data "aws_iam_policy_document" "services" {
  dynamic "statement" {
    for_each = var.queries[*]

    content {
      sid       = "QueryInWorkgroup"
      actions   = local.query_actions[statement.value.rights]
      resources = ["arn:aws:athena:${local.here}:workgroup/${statement.value.workgroup}"]
    }
  }

  dynamic "statement" {
    for_each = [for queries in var.queries[*] : queries if queries.rights == "browse"]

    content {
      sid       = "BrowseCatalog"
      actions   = ["athena:GetDataCatalog", "athena:ListDatabases", "athena:GetDatabase", "athena:ListTableMetadata", "athena:GetTableMetadata"]
      resources = ["arn:aws:athena:${local.here}:datacatalog/AwsDataCatalog"]
    }
  }

  # The list of databases can't be narrowed to some: AWS asks for the right to all of them.
  dynamic "statement" {
    for_each = [for queries in var.queries[*] : queries if queries.rights != "run"]

    content {
      sid       = "ListDatabases"
      actions   = ["glue:GetDatabases"]
      resources = ["arn:aws:glue:${local.here}:catalog", "arn:aws:glue:${local.here}:database/*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.log_groups) > 0 ? [1] : []

    content {
      sid       = "WriteLogs"
      actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      resources = [for group in var.log_groups : "arn:aws:logs:${local.here}:log-group:${group}*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.metric_namespaces) > 0 ? [1] : []

    content {
      sid       = "PublishMetrics"
      actions   = ["cloudwatch:PutMetricData"]
      resources = ["*"]

      condition {
        test     = "StringEquals"
        variable = "cloudwatch:namespace"
        values   = var.metric_namespaces
      }
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = var.description
  assume_role_policy   = var.trust_policy
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "this" {
  name   = "what-${var.name}-needs"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}
