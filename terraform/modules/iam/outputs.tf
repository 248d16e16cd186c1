output "role_arns" {
  description = "ARN of each role, by who works under it."
  value       = { for name, role in module.role : replace(name, "-", "_") => role.arn }
}

output "policies" {
  description = "What each role may do, as JSON, by who works under it."
  value       = { for name, role in module.role : replace(name, "-", "_") => role.policy }
}
