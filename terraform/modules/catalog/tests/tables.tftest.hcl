mock_provider "aws" {}

variables {
  databases = {
    silver        = { name = "silver", description = "Fixes.", location = "s3://lake-source-store/warehouse/silver" }
    gold          = { name = "gold", description = "Rounds.", location = "s3://lake-serve/warehouse/gold" }
    observability = { name = "runs", description = "Runs.", location = "s3://lake-observability" }
  }
  run_summaries_location = "s3://lake-observability/silver/"
  quarantine_location    = "s3://lake-quarantine/silver/"
}

run "databases_lie_in_their_warehouses" {
  command = plan

  assert {
    condition = { for database in aws_glue_catalog_database.this : database.name => database.location_uri } == {
      silver = "s3://lake-source-store/warehouse/silver"
      gold   = "s3://lake-serve/warehouse/gold"
      runs   = "s3://lake-observability"
    }
    error_message = "A table made without a location would lie elsewhere."
  }
}

run "json_files_are_readable_by_athena" {
  command = plan

  assert {
    condition = { for name, table in aws_glue_catalog_table.json : name => [table.database_name, table.storage_descriptor[0].location, table.storage_descriptor[0].ser_de_info[0].serialization_library] } == {
      silver_run_summaries = ["runs", "s3://lake-observability/silver/", "org.openx.data.jsonserde.JsonSerDe"]
      quarantined_records  = ["runs", "s3://lake-quarantine/silver/", "org.openx.data.jsonserde.JsonSerDe"]
    }
    error_message = "Each table reads its prefix with the JSON SerDe, in the observability database."
  }

  assert {
    condition     = alltrue([for table in aws_glue_catalog_table.json : length(table.partition_keys) == 0])
    error_message = "The tables are unpartitioned: nobody adds partitions after a run."
  }

  assert {
    condition     = alltrue(flatten([for table in aws_glue_catalog_table.json : [for column in table.storage_descriptor[0].columns : length(column.comment) > 0]]))
    error_message = "A column without its meaning."
  }
}

run "views_are_entries_as_athena_makes_them" {
  command = plan

  assert {
    condition     = toset(keys(aws_glue_catalog_table.view)) == toset(["latest_silver_runs", "latest_quarantined_records"])
    error_message = "Both tables have a view of the latest runs."
  }

  assert {
    condition = alltrue([
      for view in aws_glue_catalog_table.view :
      view.table_type == "VIRTUAL_VIEW" && view.parameters.presto_view == "true" && view.view_expanded_text == "/* Presto View */"
    ])
    error_message = "Athena knows its views by these."
  }

  assert {
    condition = {
      for name, view in aws_glue_catalog_table.view :
      name => jsondecode(base64decode(regex("^/\\* Presto View: (\\S+) \\*/$", view.view_original_text)[0])).schema
    } == { latest_silver_runs = "runs", latest_quarantined_records = "runs" }
    error_message = "The definition lies in the comment as JSON, and names the database of this deployment."
  }

  assert {
    condition = alltrue([
      for view in aws_glue_catalog_table.view :
      tolist(jsondecode(base64decode(regex("^/\\* Presto View: (\\S+) \\*/$", view.view_original_text)[0])).columns[*].name) == tolist(view.storage_descriptor[0].columns[*].name)
    ])
    error_message = "Definition and entry list the same columns."
  }

  assert {
    condition     = aws_glue_catalog_table.view["latest_silver_runs"].storage_descriptor[0].columns == aws_glue_catalog_table.json["silver_run_summaries"].storage_descriptor[0].columns
    error_message = "The view of the runs has the columns of the runs."
  }
}

# An Iceberg table in Terraform's state would be set back to an old snapshot by the next apply.
run "no_iceberg_table_is_terraforms" {
  command = plan

  assert {
    condition     = alltrue([for table in aws_glue_catalog_table.json : lookup(table.parameters, "table_type", "") != "ICEBERG" && length(table.open_table_format_input) == 0])
    error_message = "Iceberg tables belong to their writers."
  }
}

run "rejects_two_databases_in_one_place" {
  command = plan

  variables {
    databases = {
      silver = { name = "silver", description = "", location = "s3://lake/warehouse" }
      gold   = { name = "gold", description = "", location = "s3://lake/warehouse/" }
    }
  }

  expect_failures = [var.databases]
}

run "rejects_a_name_that_athena_refuses" {
  command = plan

  variables {
    databases = {
      observability = { name = "Run-Summaries", description = "", location = "s3://lake-observability" }
    }
  }

  expect_failures = [var.databases]
}
