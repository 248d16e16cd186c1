bucket       = "tm-lakehouse-terraform-state"
key          = "lakehouse/terraform.tfstate"
encrypt      = true
use_lockfile = true
