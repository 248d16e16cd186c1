mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/flow-logs" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111111111111:log-group:/vpc/lake" }
  }
}

variables {
  name_prefix        = "lake"
  cidr_block         = "10.42.0.0/24"
  log_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/observability"
  log_retention_days = 30
}

run "two_private_subnets_lie_in_two_zones" {
  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { "us-east-1a" = "10.42.0.0/26", "us-east-1b" = "10.42.0.64/26" }
    error_message = "MWAA needs two subnets in two zones."
  }

  assert {
    condition     = length(output.private_subnet_ids) == 2 && toset([for link in aws_route_table_association.private : link.route_table_id]) == toset([aws_route_table.private.id])
    error_message = "A private subnet without the private routes."
  }
}

run "with_nat_the_private_subnets_have_one_way_out" {
  assert {
    condition     = length(module.nat) == 1 && length(aws_vpc_endpoint.service) == 0
    error_message = "With NAT there is a gateway, and no endpoint is paid for but S3's, which is free."
  }
}

run "without_nat_nothing_leads_to_the_internet" {
  variables {
    way_out = "endpoints"
  }

  assert {
    condition     = length(module.nat) == 0
    error_message = "A closed network has no gateway."
  }

  assert {
    condition     = length(setsubtract(["airflow.api", "airflow.env", "logs", "monitoring", "sqs", "kms"], keys(aws_vpc_endpoint.service))) == 0
    error_message = "MWAA could not reach a service that it needs."
  }

  assert {
    condition     = length(setsubtract(["glue", "athena", "sts", "sns"], keys(aws_vpc_endpoint.service))) == 0
    error_message = "A DAG could not reach a service that it needs."
  }

  assert {
    condition     = [for rule in aws_security_group.endpoints[0].ingress : [rule.from_port, rule.to_port, one(rule.cidr_blocks)]] == [[443, 443, "10.42.0.0/24"]]
    error_message = "Endpoints answer the network itself, over HTTPS."
  }
}

run "traffic_is_logged_with_a_key_and_the_default_group_is_closed" {
  assert {
    condition     = module.flow_logs.log_group == "/vpc/lake"
    error_message = "The network's traffic has a log."
  }

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "Whatever names no group would reach something."
  }
}

run "a_block_too_small_for_mwaa_is_refused" {
  command = plan

  variables {
    cidr_block = "10.42.0.0/27"
  }

  expect_failures = [var.cidr_block]
}

run "another_way_out_is_refused" {
  command = plan

  variables {
    way_out = "tunnel"
  }

  expect_failures = [var.way_out]
}

run "the_same_zone_twice_is_refused" {
  command = plan

  variables {
    zone_letters = ["a", "a"]
  }

  expect_failures = [var.zone_letters]
}
