variable "name" {
  description = "Name of the gateway and of what it needs."
  type        = string
}

variable "vpc_id" {
  description = "Network that gets a way out."
  type        = string
}

variable "cidr_block" {
  description = "Addresses of the public subnet: nothing but the gateway is in it."
  type        = string
}

variable "availability_zone" {
  description = "Zone of the gateway. One for both subnets: the pipeline waits out the loss of a zone, and a second costs as much again."
  type        = string
}

variable "private_route_table_id" {
  description = "Table whose subnets use the gateway."
  type        = string
}
