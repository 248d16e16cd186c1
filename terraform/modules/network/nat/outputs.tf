output "public_address" {
  description = "Address under which the private subnets are seen outside."
  value       = aws_eip.this.public_ip
}
