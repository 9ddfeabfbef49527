# Both variables have the type any, because an object type would silently drop a misspelled attribute. main.tf checks
# the attributes of each organization and file.

variable "organizations" {
  description = <<-EOT
    Organizations by key. A key is part of the address in state: if you change it, the plan replaces the organization.
    The same applies to the keys of files. The README describes each attribute.
  EOT

  type     = any
  nullable = false

  validation {
    condition     = can(keys(var.organizations))
    error_message = "The organizations must be a map of objects."
  }

  validation {
    condition     = alltrue([for key in try(keys(var.organizations), []) : can(regex("^[^/]+$", key))])
    error_message = "The key of an organization must not be empty or contain a slash, which separates it from the keys of files."
  }

  validation {
    condition     = alltrue([for key in try(keys(var.organizations), []) : can(keys(var.organizations[key]))])
    error_message = "Each organization must be an object, which is {} for one without attributes. Check ${join(", ", [for key in try(keys(var.organizations), []) : key if !can(keys(var.organizations[key]))])}."
  }

  validation {
    condition = alltrue([
      for key in try(keys(var.organizations), []) : can({ for file, f in merge({}, lookup(var.organizations[key], "files", {})) : file => keys(f) })
      if can(keys(var.organizations[key]))
    ])
    error_message = "The files of an organization must be a map of objects, each with a source or a content."
  }
}

variable "default_settings" {
  description = <<-EOT
    Settings for organizations that don't set their own: disabled_features, max_item_count, max_time_allocated and
    max_time_per_task. The provider leaves settings that neither sets as they are on the platform.
  EOT

  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = can(keys(var.default_settings))
    error_message = "The default settings must be an object."
  }

  validation {
    condition = length(setsubtract(
      try(keys(var.default_settings), []), ["disabled_features", "max_item_count", "max_time_allocated", "max_time_per_task"]
    )) == 0
    error_message = join("", [
      "Unsupported default settings: ",
      join(", ", setsubtract(
        try(keys(var.default_settings), []), ["disabled_features", "max_item_count", "max_time_allocated", "max_time_per_task"]
      )),
      ". Supported are disabled_features, max_item_count, max_time_allocated and max_time_per_task.",
    ])
  }

  validation {
    condition = alltrue([
      for name in try(keys(var.default_settings), []) : can(tonumber(var.default_settings[name])) if name != "disabled_features"
    ]) && can([for feature in try(coalesce(var.default_settings.disabled_features), []) : tostring(feature)])
    error_message = "In the default settings, disabled_features must be a list of strings, and the others must be numbers."
  }
}
