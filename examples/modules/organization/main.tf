locals {
  # One element for each file, by its organization's key and its own. It holds keys alone, so that contents
  # may be secret or not known yet.
  files = merge([
    for key, o in var.organizations : {
      for file in keys(o.files) : "${key}/${file}" => { organization = key, file = file }
    }
  ]...)
}

resource "guardai_organization" "this" {
  for_each = var.organizations

  name          = each.value.name != null ? each.value.name : each.key
  force_destroy = each.value.force_destroy

  # A setting that is null is one that isn't named: the provider leaves it as it is.
  settings = {
    for setting, value in each.value.settings : setting => value != null ? value : var.default_settings[setting]
  }
}

resource "guardai_organization_file" "this" {
  for_each = local.files

  organization_id = guardai_organization.this[each.value.organization].id

  name           = coalesce(var.organizations[each.value.organization].files[each.value.file].name, each.value.file)
  source         = var.organizations[each.value.organization].files[each.value.file].source
  content        = var.organizations[each.value.organization].files[each.value.file].content
  dataset_id     = var.organizations[each.value.organization].files[each.value.file].dataset_id
  verify_content = var.organizations[each.value.organization].files[each.value.file].verify_content
  force_destroy  = var.organizations[each.value.organization].files[each.value.file].force_destroy

  lifecycle {
    precondition {
      condition = (
        (var.organizations[each.value.organization].files[each.value.file].source == null) !=
        (var.organizations[each.value.organization].files[each.value.file].content == null)
      )
      error_message = "The file ${each.key} needs either a source or a content."
    }
  }
}
