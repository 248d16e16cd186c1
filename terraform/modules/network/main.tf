data "aws_region" "current" {}

locals {
  name     = "${var.name_prefix}${var.suffix}"
  zones    = [for letter in var.zone_letters : "${data.aws_region.current.name}${letter}"]
  private  = { for number, zone in local.zones : zone => cidrsubnet(var.cidr_block, 2, number) }
  has_nat  = var.way_out == "nat"
  services = local.has_nat ? toset([]) : var.endpoint_services
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = local.name }
}

# Whatever names no group of its own reaches nothing.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${local.name}-private" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.name}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
}

resource "aws_security_group" "endpoints" {
  count = local.has_nat ? 0 : 1

  name        = "${local.name}-endpoints"
  description = "AWS services within the network: HTTPS from its addresses."
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "HTTPS from within."
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [var.cidr_block]
  }
}

resource "aws_vpc_endpoint" "service" {
  for_each = local.services

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.value}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = aws_security_group.endpoints[*].id
  private_dns_enabled = true
}

module "nat" {
  source = "./nat"
  count  = local.has_nat ? 1 : 0

  name                   = local.name
  vpc_id                 = aws_vpc.this.id
  cidr_block             = cidrsubnet(var.cidr_block, 4, 8)
  availability_zone      = local.zones[0]
  private_route_table_id = aws_route_table.private.id
}

module "flow_logs" {
  source = "./flow_logs"

  name                     = local.name
  vpc_id                   = aws_vpc.this.id
  kms_key_arn              = var.log_key_arn
  retention_days           = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn
}
