terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # The bucket is the one that this module keeps in shape: `tm-lakehouse bootstrap` makes it where there is none.
  backend "s3" {}
}

# Region, credentials and endpoint come from the process environment.
provider "aws" {
  allowed_account_ids = var.allowed_account_ids

  default_tags {
    tags = {
      Project     = "${var.name_prefix}-bootstrap"
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
