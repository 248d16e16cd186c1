output "environment_name" {
  description = "Name of the environment, known before it is made."
  value       = local.name
}

output "environment_arn" {
  description = "ARN of the environment."
  value       = aws_mwaa_environment.this.arn
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = module.role.arn
}

output "role_policy" {
  description = "What the execution role may do, as JSON."
  value       = module.role.policy
}
