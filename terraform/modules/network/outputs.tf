output "vpc_id" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Ids of the two private subnets, each in a zone of its own."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}
