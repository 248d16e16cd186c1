output "workgroup" {
  description = "Name of the workgroup."
  value       = aws_athena_workgroup.this.name
}

output "results_location" {
  description = "Where the results of every query go."
  value       = aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location
}

output "named_queries" {
  description = "Id of each saved query, by name."
  value       = { for name, query in aws_athena_named_query.this : name => query.id }
}
