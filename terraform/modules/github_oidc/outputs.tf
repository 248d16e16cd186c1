output "role_arns" {
  description = "ARN of each role, by its key in roles."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}

output "provider_arn" {
  description = "The account's provider for GitHub's tokens."
  value       = local.provider
}
