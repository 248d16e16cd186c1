output "plan_role_arn" {
  description = "For the variable AWS_PLAN_ROLE_ARN of GitHub's environment NAME-plan."
  value       = module.github_oidc.role_arns["plan"]
}

output "apply_role_arn" {
  description = "For the variable AWS_DEPLOY_ROLE_ARN of GitHub's environment NAME."
  value       = module.github_oidc.role_arns["apply"]
}

output "permissions_boundary_arn" {
  description = "For permissions_boundary_arn in the environment's terraform.tfvars: the apply role makes no role without it."
  value       = module.deployers.boundary_arn
}
