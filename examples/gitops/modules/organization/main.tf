locals {
  # The supported attributes and their types.
  setting_types = {
    disabled_features  = "list of strings"
    max_item_count     = "number"
    max_time_allocated = "number"
    max_time_per_task  = "number"
  }
  organization_types = merge(local.setting_types, {
    name          = "string"
    force_destroy = "bool"
    files         = "map of objects"
  })
  file_types = {
    name           = "string"
    source         = "string"
    content        = "string"
    dataset_id     = "string"
    verify_content = "bool"
    force_destroy  = "bool"
  }

  # An omitted attribute is null.
  default_settings = merge({ for name in keys(local.setting_types) : name => null }, var.default_settings)
  organizations = {
    for key, o in var.organizations : key => merge({ for name in keys(local.organization_types) : name => null }, o)
  }

  # The files of all organizations, by ORGANIZATION_KEY/FILE_KEY. for_each uses only the keys, so contents may be
  # sensitive or unknown.
  files = merge([
    for key, o in local.organizations : {
      for file, f in merge({}, o.files) : "${key}/${file}" => {
        organization = key
        key          = file
        attributes   = merge({ for name in keys(local.file_types) : name => null }, f)
      }
    }
  ]...)

  # With a reference to the resource itself, the CLI would read all organizations again for each file.
  organization_ids = { for key, o in guardai_organization.this : key => o.id }

  # What the preconditions report. Names are checked separately from types, because an unknown value postpones the check
  # of its type.
  unsupported = merge(
    { for key, o in local.organizations : key => setsubtract(keys(o), keys(local.organization_types)) },
    { for key, f in local.files : key => setsubtract(keys(f.attributes), keys(local.file_types)) },
  )
  mistyped_organizations = {
    for key, o in local.organizations : key => [
      for name, type in local.organization_types : "${name} must be a ${type}" if !{
        "string"          = can(tostring(o[name]))
        "number"          = can(tonumber(o[name]))
        "bool"            = can(tobool(o[name]))
        "list of strings" = o[name] == null || can([for element in o[name] : tostring(element)])
        "map of objects"  = true
      }[type]
    ]
  }
  mistyped_files = {
    for key, f in local.files : key => [
      for name, type in local.file_types : "${name} must be a ${type}"
      if !(type == "bool" ? can(tobool(f.attributes[name])) : can(tostring(f.attributes[name])))
    ]
  }
}

resource "guardai_organization" "this" {
  for_each = local.organizations

  name          = coalesce(each.value.name, each.key)
  force_destroy = each.value.force_destroy

  # The provider leaves a setting that is null as it is on the platform.
  disabled_features  = each.value.disabled_features != null ? each.value.disabled_features : local.default_settings.disabled_features
  max_item_count     = each.value.max_item_count != null ? each.value.max_item_count : local.default_settings.max_item_count
  max_time_allocated = each.value.max_time_allocated != null ? each.value.max_time_allocated : local.default_settings.max_time_allocated
  max_time_per_task  = each.value.max_time_per_task != null ? each.value.max_time_per_task : local.default_settings.max_time_per_task

  lifecycle {
    precondition {
      condition     = length(local.unsupported[each.key]) == 0
      error_message = "Organization ${each.key} has unsupported attributes: ${join(", ", local.unsupported[each.key])}. Supported are ${join(", ", keys(local.organization_types))}."
    }
    precondition {
      condition     = length(local.mistyped_organizations[each.key]) == 0
      error_message = "Organization ${each.key} has attributes of the wrong type: ${join(", ", local.mistyped_organizations[each.key])}."
    }
    precondition {
      condition     = try(trimspace(each.value.name) != "", true)
      error_message = "The name of organization ${each.key} must not be blank. Leave it out to use the key."
    }
  }
}

resource "guardai_organization_file" "this" {
  for_each = local.files

  organization_id = local.organization_ids[each.value.organization]

  name           = coalesce(each.value.attributes.name, each.value.key)
  source         = each.value.attributes.source
  content        = each.value.attributes.content
  dataset_id     = each.value.attributes.dataset_id
  verify_content = each.value.attributes.verify_content
  force_destroy  = each.value.attributes.force_destroy

  lifecycle {
    precondition {
      condition     = length(local.unsupported[each.key]) == 0
      error_message = "File ${each.key} has unsupported attributes: ${join(", ", local.unsupported[each.key])}. Supported are ${join(", ", keys(local.file_types))}."
    }
    precondition {
      condition     = length(local.mistyped_files[each.key]) == 0
      error_message = "File ${each.key} has attributes of the wrong type: ${join(", ", local.mistyped_files[each.key])}."
    }
    precondition {
      condition     = (each.value.attributes.source == null) != (each.value.attributes.content == null)
      error_message = "File ${each.key} needs either a source or a content."
    }
  }
}
