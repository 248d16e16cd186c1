output "alert_topic_arn" {
  description = "Topic that carries the alerts."
  value       = aws_sns_topic.alerts.arn
}

output "log_groups" {
  description = "Name of each log group, by short name."
  value       = { for name, group in aws_cloudwatch_log_group.jobs : name => group.name }
}
