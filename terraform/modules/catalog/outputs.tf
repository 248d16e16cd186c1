output "databases" {
  description = "Name of each database in the catalog, by short name."
  value       = { for key, database in aws_glue_catalog_database.this : key => database.name }
}

output "views" {
  description = "Database and name of each view, by view."
  value       = { for name, view in aws_glue_catalog_table.view : name => "${view.database_name}.${view.name}" }
}

output "json_tables" {
  description = "Database and name of each table over JSON files, by table."
  value       = { for name, table in aws_glue_catalog_table.json : name => "${table.database_name}.${table.name}" }
}
