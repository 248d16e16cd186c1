output "arn" {
  description = "ARN of the role."
  value       = module.role.arn
}

output "policy" {
  description = "What the role may do, as JSON."
  value       = module.role.policy
}

output "trust_policy" {
  description = "Who may assume the role, as JSON."
  value       = data.aws_iam_policy_document.trust.json
}
