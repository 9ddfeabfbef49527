# Organizations from a YAML file, which you can edit without knowledge of Terraform.

terraform {
  required_version = ">= 1.5"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}

# The address of GuardAI and the API key come from the environment.
provider "guardai" {}

locals {
  # A key without attributes is null in YAML.
  organizations = { for key, o in yamldecode(file("${path.module}/organizations.yaml")) : key => merge({}, o) }
}

module "organizations" {
  source = "../.."

  organizations = local.organizations

  default_settings = {
    disabled_features = ["ADV_CRAFTING", "ROBUSTNESS"]
    max_item_count    = 1000
  }
}

output "ids" {
  description = "IDs of the organizations, by key."
  value       = module.organizations.ids
}
