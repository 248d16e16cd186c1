output "policy_arns" {
  description = "Policies of the role that plans and of the one that applies, each by a short name."
  value = { for role in ["plan", "apply"] : role => merge(
    { never = aws_iam_policy.never.arn },
    { for key, policy in aws_iam_policy.deployer : local.documents[key].part => policy.arn if local.documents[key].role == role },
  ) }
}

output "boundary_arn" {
  description = "Policy that bounds what any role of the lakehouse may ever do."
  value       = aws_iam_policy.boundary.arn
}
