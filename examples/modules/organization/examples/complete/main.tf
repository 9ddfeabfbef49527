# Organizations from a YAML file, which those can change who don't know this language.

terraform {
  required_version = ">= 1.5"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}

# Where GuardAI is and how to log in come from the environment.
provider "guardai" {}

locals {
  # What has nothing below its name is null in YAML. An organization like that has no attributes, as with {}.
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
  description = "Ids of the organizations, by their keys."
  value       = module.organizations.ids
}
