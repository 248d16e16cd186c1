output "queue_url" {
  description = "Where to read the events."
  value       = aws_sqs_queue.this.url
}

output "queue_arn" {
  description = "The queue, for those who give rights to it."
  value       = local.queue_arn
}

output "policy" {
  description = "Who may do what with the queue, as JSON."
  value       = data.aws_iam_policy_document.queue.json
}
