locals {
  log_groups = {
    output = "/aws-glue/jobs/output"
    error  = "/aws-glue/jobs/error"
  }
}

import {
  for_each = var.adopt_buckets

  to = module.buckets.module.zone[each.key].aws_s3_bucket.this
  id = "${var.name_prefix}-${local.zones[each.key].bucket}${var.suffix}"
}

import {
  for_each = var.adopt_log_groups

  to = module.observability.aws_cloudwatch_log_group.jobs[each.key]
  id = local.log_groups[each.key]
}
