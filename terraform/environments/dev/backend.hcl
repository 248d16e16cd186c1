bucket       = "tm-lakehouse-terraform-state-111111111111"
key          = "lakehouse/terraform.tfstate"
encrypt      = true
use_lockfile = true
