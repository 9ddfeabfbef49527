# The address of GuardAI and the API key come from GUARDAI_HOST, GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {}

locals {
  # One file for each organization. The file name is the organization's key.
  folder = "${path.module}/organizations"
  texts = {
    for path in fileset(local.folder, "*.yaml") : path => file("${local.folder}/${path}") if fileexists("${local.folder}/${path}")
  }
  # yamldecode fails on a file with nothing but comments, which is an organization without attributes.
  yaml = { for path, text in local.texts : path => can(regex("(?m)^\\s*[^#\\s]", text)) ? text : "{}" }
  # checks.tf fails the plan for a file that isn't YAML, and names it. An error of yamldecode would name no file.
  organizations = {
    for path, text in local.yaml : trimsuffix(path, ".yaml") => merge({ for name in keys(local.schema) : name => null }, try(yamldecode(text), {}))
  }
}

module "organization" {
  source   = "../../modules/organization"
  for_each = toset(keys(local.organizations))

  name               = coalesce(local.organizations[each.key].name, each.key)
  disabled_features  = local.organizations[each.key].disabled_features
  max_item_count     = local.organizations[each.key].max_item_count
  max_time_allocated = local.organizations[each.key].max_time_allocated
  max_time_per_task  = local.organizations[each.key].max_time_per_task
  force_destroy      = local.organizations[each.key].force_destroy
  files              = local.organizations[each.key].files
  members            = local.organizations[each.key].members
}

output "ids" {
  description = "IDs of the organizations, by key."
  value       = { for key, organization in module.organization : key => organization.id }
}
