data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id

  # Each runner's needs, by zone and prefix; whatever is not written here is refused.
  roles = {
    glue-job = {
      description  = "Landing to Silver, run by Glue."
      trust_policy = data.aws_iam_policy_document.glue_assumes.json
      prefixes = {
        landing       = { "course_id=" = "read" }
        source        = { "jobs/" = "read", "temporary/" = "write", "warehouse/silver/" = "write" }
        quarantine    = { "silver/" = "extend" }
        observability = { "silver/" = "extend", "silver-failures/" = "add", "silver-plans/" = "add", "spark-event-logs/" = "write" }
      }
      databases         = { (var.databases.silver) = "create" }
      queries           = null
      log_groups        = ["/aws-glue/jobs/"]
      metric_namespaces = ["Glue", var.name_prefix]
    }

    table-maintenance = {
      description  = "Upkeep of the Iceberg tables by the lake's own job: compaction, snapshot expiry, removal of orphan files."
      trust_policy = data.aws_iam_policy_document.glue_assumes.json
      prefixes = {
        source        = { "jobs/" = "read", "temporary/" = "write", "warehouse/silver/" = "write" }
        serve         = { "warehouse/gold_build/" = "write" }
        observability = { "maintenance/" = "add", "spark-event-logs/" = "write" }
      }
      databases         = { (var.databases.silver) = "update", (var.databases.gold_build) = "update" }
      queries           = null
      log_groups        = ["/aws-glue/jobs/"]
      metric_namespaces = ["Glue"]
    }

    table-parity = {
      description  = "Reads Silver and Gold by Spark, for a check whether Athena reads the same."
      trust_policy = data.aws_iam_policy_document.glue_assumes.json
      prefixes = {
        source        = { "jobs/" = "read", "temporary/" = "write", "warehouse/silver/" = "read" }
        serve         = { "warehouse/gold/" = "read", "warehouse/gold_build/" = "read" }
        observability = { "parity/" = "extend", "spark-event-logs/" = "write" }
      }
      databases         = { (var.databases.silver) = "read", (var.databases.gold) = "read" }
      queries           = null
      log_groups        = ["/aws-glue/jobs/"]
      metric_namespaces = ["Glue"]
    }

    athena-reader = {
      description  = "Queries by people: reads every table, changes nothing but its own results."
      trust_policy = data.aws_iam_policy_document.people_assume.json
      prefixes = {
        source        = { "warehouse/silver/" = "read" }
        serve         = { "warehouse/gold/" = "read", "warehouse/gold_build/" = "read" }
        quarantine    = { "silver/" = "read" }
        observability = { "silver/" = "read", "reports/" = "read", "athena-results/" = "extend" }
      }
      databases         = { (var.databases.silver) = "read", (var.databases.gold) = "read", (var.databases.observability) = "read" }
      queries           = { workgroup = var.workgroup, rights = "browse" }
      log_groups        = []
      metric_namespaces = []
    }

    dbt = {
      description  = "Silver to Gold: reads Silver, builds and tests Gold, points readers to what held, keeps its artifacts and the runs' reports."
      trust_policy = data.aws_iam_policy_document.orchestrator_assumes.json
      prefixes = {
        source        = { "warehouse/silver/" = "read" }
        serve         = { "warehouse/gold_build/" = "write", "warehouse/gold/" = "extend" }
        quarantine    = { "silver/" = "read" }
        observability = { "silver/" = "read", "athena-results/" = "extend", "dbt_artifacts/" = "extend", "parity/" = "extend", "publications/" = "extend", "reports/" = "extend", "rollbacks/" = "extend" }
      }
      databases         = { (var.databases.silver) = "read", (var.databases.gold_build) = "create", (var.databases.gold) = "create", (var.databases.observability) = "read" }
      queries           = { workgroup = var.workgroup, rights = "watch" }
      log_groups        = []
      metric_namespaces = [var.name_prefix]
    }

    topology = {
      description  = "Keeps the courses' dimensions in Silver: which nines there are, and what is known of each course."
      trust_policy = data.aws_iam_policy_document.orchestrator_assumes.json
      prefixes = {
        source        = { "warehouse/silver/" = "read", "warehouse/silver/dim_facility_topology/" = "change", "warehouse/silver/dim_course_profile/" = "change" }
        observability = { "athena-results/" = "extend" }
      }
      databases         = { (var.databases.silver) = "create" }
      queries           = { workgroup = var.workgroup, rights = "run" }
      log_groups        = []
      metric_namespaces = []
    }

    table-optimizer = {
      description  = "Glue's own upkeep of the Iceberg tables: compaction, snapshot expiry, removal of orphan files."
      trust_policy = data.aws_iam_policy_document.glue_assumes.json
      prefixes = {
        source = { "warehouse/silver/" = "write" }
        serve  = { "warehouse/gold_build/" = "write" }
      }
      databases         = { (var.databases.silver) = "update", (var.databases.gold_build) = "update" }
      queries           = null
      log_groups        = ["/aws-glue/iceberg-compaction/", "/aws-glue/iceberg-retention/", "/aws-glue/iceberg-orphan-file-deletion/"]
      metric_namespaces = []
    }
  }
}

data "aws_iam_policy_document" "glue_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:glue:${data.aws_region.current.name}:${local.account_id}:*"]
    }
  }
}

data "aws_iam_policy_document" "people_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = length(var.people) > 0 ? var.people : ["arn:aws:iam::${local.account_id}:root"]
    }
  }
}

data "aws_iam_policy_document" "orchestrator_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = length(var.people) > 0 ? setunion(var.people, var.orchestrators) : ["arn:aws:iam::${local.account_id}:root"]
    }
  }
}

module "role" {
  source   = "./role"
  for_each = local.roles

  name                     = "${var.name_prefix}-${each.key}${var.suffix}"
  description              = each.value.description
  account_id               = local.account_id
  region                   = data.aws_region.current.name
  trust_policy             = each.value.trust_policy
  permissions_boundary_arn = var.permissions_boundary_arn
  buckets                  = { for zone, prefixes in each.value.prefixes : zone => { arn = var.zones[zone].arn, kms_key_arn = var.zones[zone].kms_key_arn, prefixes = prefixes } }
  databases                = each.value.databases
  queries                  = each.value.queries
  log_groups               = each.value.log_groups
  metric_namespaces        = each.value.metric_namespaces
}
