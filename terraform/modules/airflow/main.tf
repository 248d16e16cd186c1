data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  name       = "${var.name_prefix}${var.suffix}"
  dags       = "${var.package_directory}/dags"
  log_groups = { dag_processing = "DAGProcessing", scheduler = "Scheduler", task = "Task", webserver = "WebServer", worker = "Worker" }

  # Who waits for hours holds no worker meanwhile, and loses nothing with one.
  configuration = merge({ "operators.default_deferrable" = "True" }, var.settings.configuration)

  # MWAA knows no environment variables: the startup script sets them, in every process.
  exports        = join("", [for name, value in var.variables : "export ${name}='${replace(value, "'", "'\\''")}'\n"])
  startup_script = "${local.exports}${file("${var.package_directory}/startup.sh")}"
}

resource "aws_s3_object" "dag" {
  for_each = fileset(local.dags, "**")

  bucket      = var.bucket.name
  key         = "dags/${each.value}"
  source      = "${local.dags}/${each.value}"
  source_hash = filesha256("${local.dags}/${each.value}")
}

resource "aws_s3_object" "file" {
  for_each = toset(["plugins.zip", "requirements.txt"])

  bucket      = var.bucket.name
  key         = each.value
  source      = "${var.package_directory}/${each.value}"
  source_hash = filesha256("${var.package_directory}/${each.value}")
}

resource "aws_s3_object" "startup_script" {
  bucket      = var.bucket.name
  key         = "startup.sh"
  content     = local.startup_script
  source_hash = sha256(local.startup_script)
}

# Made before the environment: MWAA would make them without a key and keep them for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338: how long logs are kept is each environment's value
  for_each = local.log_groups

  name              = "airflow-${local.name}-${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.bucket.kms_key_arn
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5: the environment below is what it is attached to
  name        = "${local.name}-airflow"
  description = "Parts of Airflow among themselves, and HTTPS to AWS."
  vpc_id      = var.network.vpc_id

  ingress {
    description = "Parts of Airflow among themselves."
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }

  egress {
    description = "Parts of Airflow among themselves, the metadata database among them."
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }

  egress {
    description = "AWS services, and where packages come from."
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

module "role" {
  source = "./role"

  name                     = "${var.name_prefix}-airflow${var.suffix}"
  environment              = local.name
  account_id               = data.aws_caller_identity.current.account_id
  region                   = data.aws_region.current.name
  bucket                   = var.bucket
  lake_buckets             = var.lake_buckets
  job_names                = var.job_names
  role_arns                = var.role_arns
  databases                = var.databases
  event_queue_arns         = var.event_queue_arns
  alerts                   = var.alerts
  permissions_boundary_arn = var.permissions_boundary_arn
}

resource "aws_mwaa_environment" "this" {
  name                             = local.name
  airflow_version                  = var.settings.airflow_version
  environment_class                = var.settings.environment_class
  min_workers                      = var.settings.min_workers
  max_workers                      = var.settings.max_workers
  schedulers                       = var.settings.schedulers
  webserver_access_mode            = var.settings.is_web_server_public ? "PUBLIC_ONLY" : "PRIVATE_ONLY"
  airflow_configuration_options    = local.configuration
  execution_role_arn               = module.role.arn
  kms_key                          = var.bucket.kms_key_arn
  source_bucket_arn                = var.bucket.arn
  dag_s3_path                      = "dags/"
  plugins_s3_path                  = aws_s3_object.file["plugins.zip"].key
  plugins_s3_object_version        = aws_s3_object.file["plugins.zip"].version_id
  requirements_s3_path             = aws_s3_object.file["requirements.txt"].key
  requirements_s3_object_version   = aws_s3_object.file["requirements.txt"].version_id
  startup_script_s3_path           = aws_s3_object.startup_script.key
  startup_script_s3_object_version = aws_s3_object.startup_script.version_id

  network_configuration {
    security_group_ids = [aws_security_group.this.id]
    subnet_ids         = var.network.private_subnet_ids
  }

  logging_configuration {
    dag_processing_logs {
      enabled   = true
      log_level = var.settings.log_level
    }
    scheduler_logs {
      enabled   = true
      log_level = var.settings.log_level
    }
    task_logs {
      enabled   = true
      log_level = var.settings.log_level
    }
    webserver_logs {
      enabled   = true
      log_level = var.settings.log_level
    }
    worker_logs {
      enabled   = true
      log_level = var.settings.log_level
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, module.role]
}
