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

  # The module takes the attributes that it knows and drops others without a word, so that a misspelled quota
  # would be none.
  misspelled = flatten([
    for key, o in local.organizations : [
      [for name in setsubtract(keys(o), ["name", "force_destroy", "settings", "files"]) : "${key}: ${name}"],
      [
        for name in setsubtract(try(keys(o.settings), []), ["disabled_features", "max_item_count", "max_time_allocated", "max_time_per_task"]) :
        "${key}: settings: ${name}"
      ],
      [
        for file in try(keys(o.files), []) : [
          for name in setsubtract(try(keys(o.files[file]), []), ["name", "source", "content", "dataset_id", "verify_content", "force_destroy"]) :
          "${key}: files: ${file}: ${name}"
        ]
      ],
    ]
  ])
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

  precondition {
    condition     = length(local.misspelled) == 0
    error_message = "organizations.yaml names attributes that there aren't: ${join(", ", local.misspelled)}."
  }
}
