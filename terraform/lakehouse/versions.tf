terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # Bucket and key are values of the environment.
  backend "s3" {}
}

# Region, credentials and endpoint come from the process environment.
provider "aws" {
  allowed_account_ids = var.allowed_account_ids

  default_tags {
    tags = {
      Project     = var.name_prefix
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
