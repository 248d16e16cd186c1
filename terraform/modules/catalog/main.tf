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

  # Views have the columns of the table that they choose rows from.
  views = {
    latest_silver_runs = {
      description = "One row per course and ingest date: what the latest run of landing to Silver did with it."
      columns     = local.json_tables.silver_run_summaries.columns
    }
    latest_quarantined_records = {
      description = "What the latest run of each course and ingest date set aside; nothing of a date whose latest run set nothing aside."
      columns     = local.json_tables.quarantined_records.columns
    }
  }

  # Athena keeps a view's column types in its engine's words.
  engine_types = {
    "string"             = "varchar"
    "bigint"             = "bigint"
    "map<string,bigint>" = "map(varchar,bigint)"
    "map<string,double>" = "map(varchar,double)"
  }

  view_definitions = {
    for name, view in local.views : name => jsonencode({
      catalog = "awsdatacatalog"
      schema  = aws_glue_catalog_database.this["observability"].name
      columns = [for column in view.columns : { name = column.name, type = local.engine_types[column.type] }]
      originalSql = templatefile("${path.module}/${name}.sql", {
        database = aws_glue_catalog_database.this["observability"].name
        columns  = view.columns[*].name
      })
    })
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

resource "aws_glue_catalog_table" "view" {
  for_each = local.views

  name               = each.key
  database_name      = aws_glue_catalog_database.this["observability"].name
  description        = each.value.description
  table_type         = "VIRTUAL_VIEW"
  view_expanded_text = "/* Presto View */"
  view_original_text = "/* Presto View: ${base64encode(local.view_definitions[each.key])} */"

  parameters = {
    presto_view = "true"
    comment     = "Presto View"
  }

  storage_descriptor {
    # Readers of the catalog take an entry without any SerDe for a broken one.
    ser_de_info {
      name                  = "-"
      serialization_library = "-"
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
