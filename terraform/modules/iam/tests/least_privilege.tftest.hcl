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
    landing       = { name = "landing", arn = "arn:aws:s3:::landing", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/landing" }
    source        = { name = "source", arn = "arn:aws:s3:::source", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/source" }
    serve         = { name = "serve", arn = "arn:aws:s3:::serve", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/serve" }
    quarantine    = { name = "quarantine", arn = "arn:aws:s3:::quarantine", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/quarantine" }
    observability = { name = "observability", arn = "arn:aws:s3:::observability", kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/observability" }
  }
  databases = { silver = "silver", gold = "gold", gold_build = "gold_build", observability = "observability" }
  workgroup = "lake"
}

run "glue_assumes_its_roles_for_this_account_only" {
  command = plan

  assert {
    condition = [for s in jsondecode(data.aws_iam_policy_document.glue_assumes.json).Statement : [s.Principal.Service, s.Condition.StringEquals["aws:SourceAccount"], s.Condition.ArnLike["aws:SourceArn"]]] == [
      ["glue.amazonaws.com", "111111111111", "arn:aws:glue:us-east-1:111111111111:*"]
    ]
    error_message = "Glue could be made to act for another account."
  }
}

run "the_job_writes_silver_and_what_it_sets_aside_and_nothing_else" {
  command = plan

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["glue_job"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::source/warehouse/silver/*", "arn:aws:s3:::source/temporary/*", "arn:aws:s3:::quarantine/silver/*",
      "arn:aws:s3:::observability/silver/*", "arn:aws:s3:::observability/silver-failures/*", "arn:aws:s3:::observability/silver-plans/*", "arn:aws:s3:::observability/spark-event-logs/*",
    ])
    error_message = "The job's places to write are those of its arrow."
  }

  assert {
    condition     = !contains(flatten([for s in jsondecode(output.policies["glue_job"]).Statement : s.Action]), "glue:DeleteTable")
    error_message = "The job could drop Silver."
  }
}

run "parity_changes_no_table" {
  command = plan

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["table_parity"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
    ])) == toset(["arn:aws:s3:::source/temporary/*", "arn:aws:s3:::observability/parity/*", "arn:aws:s3:::observability/spark-event-logs/*"])
    error_message = "The check could write where tables lie."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([for s in jsondecode(output.policies["table_parity"]).Statement : s.Action])),
      ["glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable", "glue:DeleteDatabase"],
    )) == 0
    error_message = "The check could change the catalog."
  }
}

run "maintenance_changes_tables_and_drops_none" {
  command = plan

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["table_maintenance"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:DeleteObject")
      ])) == toset([
      "arn:aws:s3:::source/warehouse/silver/*", "arn:aws:s3:::source/temporary/*", "arn:aws:s3:::serve/warehouse/gold_build/*",
      "arn:aws:s3:::observability/spark-event-logs/*",
    ])
    error_message = "Maintenance could delete what is no table's."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([for s in jsondecode(output.policies["table_maintenance"]).Statement : s.Action])),
      ["glue:CreateTable", "glue:DeleteTable", "glue:DeleteDatabase"],
    )) == 0
    error_message = "Maintenance could make or drop tables."
  }
}

run "a_reader_writes_nothing_but_its_results" {
  command = plan

  assert {
    condition = flatten([
      for s in jsondecode(output.policies["athena_reader"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
    ]) == ["arn:aws:s3:::observability/athena-results/*"]
    error_message = "A reader could change the lake."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([for s in jsondecode(output.policies["athena_reader"]).Statement : s.Action])),
      ["glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"],
    )) == 0
    error_message = "A reader could change tables."
  }
}

run "a_reader_finds_no_untested_table" {
  command = plan

  assert {
    condition = !anytrue([
      for s in jsondecode(output.policies["athena_reader"]).Statement : strcontains(jsonencode(s.Resource), "/gold_build/*")
      if startswith(s.Sid, "Tables")
    ])
    error_message = "A reader could query what is being built."
  }

  assert {
    condition = length(setsubtract(
      ["arn:aws:s3:::serve/warehouse/gold/*", "arn:aws:s3:::serve/warehouse/gold_build/*"],
      flatten([for s in jsondecode(output.policies["athena_reader"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:GetObject")]),
    )) == 0
    error_message = "A published table's metadata lies under gold, its data files under gold_build: a reader needs both."
  }
}

run "upkeep_leaves_published_tables_alone" {
  command = plan

  assert {
    condition = !anytrue(flatten([
      for role in ["table_maintenance", "table_optimizer"] : [
        for s in jsondecode(output.policies[role]).Statement : strcontains(jsonencode(s.Resource), "gold/")
      ]
    ]))
    error_message = "Upkeep could expire or compact what readers see."
  }
}

run "dbt_replaces_gold_and_only_reads_silver" {
  command = plan

  assert {
    condition = {
      for s in jsondecode(output.policies["dbt"]).Statement : s.Sid => contains(s.Action, "glue:UpdateTable") if startswith(s.Sid, "Tables")
    } == { TablesSilver = false, TablesGold = true, TablesGoldBuild = true, TablesObservability = false }
    error_message = "dbt changes what it builds, and of what readers see it moves the pointers."
  }

  assert {
    condition     = !strcontains(output.policies["dbt"], "glue:DeleteTable")
    error_message = "A Gold table is made once; dbt could drop it."
  }

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["dbt"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::serve/warehouse/gold/*", "arn:aws:s3:::serve/warehouse/gold_build/*", "arn:aws:s3:::observability/athena-results/*",
      "arn:aws:s3:::observability/dbt_artifacts/*", "arn:aws:s3:::observability/publications/*", "arn:aws:s3:::observability/rollbacks/*",
      "arn:aws:s3:::observability/parity/*", "arn:aws:s3:::observability/reports/*",
    ])
    error_message = "dbt writes Gold's files, its results, its artifacts, the journal of publications, what it compares and reports."
  }

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["dbt"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:DeleteObject")
    ])) == toset(["arn:aws:s3:::serve/warehouse/gold_build/*"])
    error_message = "dbt could delete the metadata of what readers see, the journal or what earlier runs left."
  }
}

run "whoever_keeps_the_dimensions_changes_no_fixes" {
  command = plan

  assert {
    condition = toset(flatten([
      for s in jsondecode(output.policies["topology"]).Statement : s.Resource if contains(flatten([s.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::source/warehouse/silver/dim_facility_topology/*", "arn:aws:s3:::source/warehouse/silver/dim_course_profile/*",
      "arn:aws:s3:::observability/athena-results/*",
    ])
    error_message = "The courses' dimensions are two tables of Silver, and no other is written."
  }

  assert {
    condition = length(setintersection(
      toset(flatten([for s in jsondecode(output.policies["topology"]).Statement : s.Action])), ["glue:DeleteTable", "glue:DeleteDatabase"],
    )) == 0
    error_message = "Whoever keeps the dimensions could drop tables."
  }
}

run "no_role_may_do_everything_or_pass_roles_on" {
  command = plan

  assert {
    condition = length([
      for action in flatten([for policy in values(output.policies) : [for s in jsondecode(policy).Statement : s.Action]]) : action
      if strcontains(action, "*") || startswith(action, "iam:") || startswith(action, "sts:")
    ]) == 0
    error_message = "A wildcard of actions, or a way to other rights."
  }

  assert {
    condition = toset(flatten([
      for policy in values(output.policies) : [for s in jsondecode(policy).Statement : s.Action if contains(flatten([s.Resource]), "*")]
    ])) == toset(["cloudwatch:PutMetricData"])
    error_message = "Only metrics, which know no resource, may name all of them."
  }
}

# IAM refuses a role's inline policies over 10,240 characters, at apply.
run "policies_fit_into_a_role" {
  command = plan

  assert {
    condition     = alltrue([for policy in values(output.policies) : length(jsonencode(jsondecode(policy))) < 10240])
    error_message = "A policy is too long for IAM."
  }
}

run "every_role_is_bounded_when_asked" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  }

  assert {
    condition     = alltrue([for role in module.role : role.permissions_boundary_arn == "arn:aws:iam::111111111111:policy/boundary"])
    error_message = "A role escapes the boundary."
  }
}

run "people_may_be_named" {
  command = plan

  variables {
    people = ["arn:aws:iam::111111111111:role/analyst"]
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.people_assume.json).Statement : s.Principal.AWS] == ["arn:aws:iam::111111111111:role/analyst"]
    error_message = "Whoever is not named may assume the role."
  }
}

run "rejects_missing_zones" {
  command = plan

  variables {
    zones = { landing = { name = "landing", arn = "arn:aws:s3:::landing", kms_key_arn = "arn" } }
  }

  expect_failures = [var.zones]
}

run "the_orchestrator_works_under_dbts_role_and_reads_under_no_other" {
  command = plan

  variables {
    people        = ["arn:aws:iam::111111111111:role/analyst"]
    orchestrators = ["arn:aws:iam::111111111111:role/lake-airflow"]
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(data.aws_iam_policy_document.orchestrator_assumes.json).Statement : s.Principal.AWS])) == toset(["arn:aws:iam::111111111111:role/analyst", "arn:aws:iam::111111111111:role/lake-airflow"])
    error_message = "Airflow could not build Gold."
  }

  assert {
    condition     = flatten([for s in jsondecode(data.aws_iam_policy_document.people_assume.json).Statement : s.Principal.AWS]) == ["arn:aws:iam::111111111111:role/analyst"]
    error_message = "Airflow could work under a reader's role."
  }
}
