# The address of GuardAI and the API key come from GUARDAI_HOST, GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {}

locals {
  # One file for each organization. The file name is the organization's key. Paths in a file are relative to this folder.
  # An empty file is an organization without attributes.
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
  description = "IDs of the organizations, by key."
  value       = module.organizations.ids
}
