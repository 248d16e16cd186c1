output "arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "policy" {
  description = "What the role may do, as JSON."
  value       = data.aws_iam_policy_document.this.json
}

output "permissions_boundary_arn" {
  description = "Policy that bounds the role; null: none."
  value       = aws_iam_role.this.permissions_boundary
}
