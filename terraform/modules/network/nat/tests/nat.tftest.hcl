mock_provider "aws" {}

variables {
  name                   = "lake"
  vpc_id                 = "vpc-1"
  cidr_block             = "10.42.0.128/28"
  availability_zone      = "us-east-1a"
  private_route_table_id = "rtb-private"
}

run "private_routes_lead_through_the_gateway" {
  assert {
    condition     = [aws_route.out.route_table_id, aws_route.out.destination_cidr_block, aws_route.out.nat_gateway_id] == ["rtb-private", "0.0.0.0/0", aws_nat_gateway.this.id]
    error_message = "The private subnets would have no way out."
  }

  assert {
    condition     = aws_nat_gateway.this.subnet_id == aws_subnet.public.id && aws_route_table_association.public.subnet_id == aws_subnet.public.id
    error_message = "The gateway stands in the public subnet."
  }

  assert {
    condition     = !aws_subnet.public.map_public_ip_on_launch
    error_message = "Nothing but the gateway gets a public address."
  }
}
