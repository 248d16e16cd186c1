bucket       = "tm-lakehouse-terraform-state"
key          = "lakehouse/terraform.tfstate"
use_lockfile = true
