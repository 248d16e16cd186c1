output "zones" {
  description = "Name, ARN and key of each zone's bucket, by zone."
  value = {
    for zone, bucket in module.zone : zone => {
      name        = bucket.name
      arn         = bucket.arn
      kms_key_arn = aws_kms_key.zone[zone].arn
    }
  }
}

output "access_log_bucket" {
  description = "Name of the bucket that receives the others' access logs."
  value       = module.access_logs.name
}
