locals {
  json_tables = {
    silver_run_summaries = {
      description = "One row per run, course and ingest date of landing to Silver: what was read, written, set aside, and how long it took."
      location    = var.run_summaries_location
      columns     = jsondecode(file("${path.module}/silver_run_summaries.json"))
    }
    quarantined_records = {
      description = "One row per record or slot that landing to Silver set aside: why, and from which file and position."
      location    = var.quarantine_location
      columns     = jsondecode(file("${path.module}/quarantined_records.json"))
    }
  }
}

resource "aws_glue_catalog_database" "this" {
  for_each = var.databases

  name         = each.value.name
  description  = each.value.description
  location_uri = each.value.location
}

# Iceberg tables are never Terraform's: their writers move the pointer to the current metadata with every commit.
resource "aws_glue_catalog_table" "json" {
  for_each = local.json_tables

  name          = each.key
  database_name = aws_glue_catalog_database.this["observability"].name
  description   = each.value.description
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    EXTERNAL       = "TRUE"
    classification = "json"
  }

  storage_descriptor {
    location      = each.value.location
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
      parameters            = { "ignore.malformed.json" = "true" }
    }

    dynamic "columns" {
      for_each = each.value.columns

      content {
        name    = columns.value.name
        type    = columns.value.type
        comment = columns.value.meaning
      }
    }
  }
}
