# The address of GuardAI and the API key come from GUARDAI_HOST, GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {}

locals {
  # A file for each organization, whose name is the key of the organization. Paths in it start at this folder.
  # An empty document is null in YAML, and stands for an organization without attributes.
  organizations = {
    for name in fileset("${path.module}/organizations", "*.yaml") :
    trimsuffix(name, ".yaml") => merge({}, yamldecode(file("${path.module}/organizations/${name}")))
  }
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
}
