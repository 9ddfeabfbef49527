# Where GuardAI is and how to log in come from GUARDAI_HOST, GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {}

locals {
  # A file for each organization, whose name is the key of the organization. Paths in it start at this folder.
  # A document with nothing in it is null in YAML, and an organization without attributes.
  organizations = {
    for name in fileset("${path.module}/organizations", "*.yaml") :
    trimsuffix(name, ".yaml") => merge({}, yamldecode(file("${path.module}/organizations/${name}")))
  }

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
  source = "../../modules/organization"

  organizations = local.organizations

  default_settings = {
    max_item_count = 1000
  }
}

output "ids" {
  description = "Ids of the organizations, by their keys."
  value       = module.organizations.ids

  precondition {
    condition     = length(local.misspelled) == 0
    error_message = "There are no such attributes: ${join(", ", local.misspelled)}."
  }
}
