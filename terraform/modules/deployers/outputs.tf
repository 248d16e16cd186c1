output "plan_policy_arns" {
  description = "What reads the lakehouse's configuration and none of its data, by part."
  value       = { for part, policy in aws_iam_policy.plan : part => policy.arn }
}

output "apply_policy_arns" {
  description = "What creates and changes the lakehouse, by part."
  value       = { for part, policy in aws_iam_policy.apply : part => policy.arn }
}

output "boundary_arn" {
  description = "Policy that bounds what any role of the lakehouse may ever do."
  value       = aws_iam_policy.boundary.arn
}
