output "environment" {
  description = "The variables by which every process finds this deployment."
  value = merge(local.job_environment, local.api_environment, local.conductor_environment, {
    TM_TABLE_OPTIMIZER_ROLE = module.iam.role_arns["table_optimizer"]
    AWS_REGION              = data.aws_region.current.name
  }, { for name in module.airflow[*].environment_name : "TM_AIRFLOW_ENVIRONMENT" => name })
}

output "role_arns" {
  description = "ARN of each role, by who works under it."
  value       = module.iam.role_arns
}

output "code_versions" {
  description = "S3 version of each uploaded artifact, by key."
  value       = module.glue_jobs.code_versions
}

output "json_tables" {
  description = "Tables over the jobs' JSON files, as database.table."
  value       = module.catalog.json_tables
}

output "named_queries" {
  description = "Id of each saved Athena query, by name."
  value       = module.athena.named_queries
}
