bucket       = "tm-lakehouse-terraform-state-111111111111"
key          = "lakehouse/terraform.tfstate"
use_lockfile = true
