bucket       = "tm-lakehouse-terraform-state-222222222222"
key          = "lakehouse/terraform.tfstate"
use_lockfile = true
