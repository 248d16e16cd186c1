output "job_names" {
  description = "Name of each job, by the arrow it carries out."
  value       = { for name, job in aws_glue_job.this : name => job.name }
}

output "code_versions" {
  description = "S3 version of each uploaded artifact, by key."
  value       = { for code in aws_s3_object.code : code.key => code.version_id }
}
