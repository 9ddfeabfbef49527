variable "organizations" {
  description = <<-EOT
    Organizations, each by a key that stays: it is part of the address in state, so that another key is another
    organization. The keys of files are of the same kind. See the README for each attribute.
  EOT

  type = map(object({
    name          = optional(string)
    force_destroy = optional(bool, false)

    settings = optional(object({
      disabled_features  = optional(set(string))
      max_item_count     = optional(number)
      max_time_allocated = optional(number)
      max_time_per_task  = optional(number)
    }), {})

    files = optional(map(object({
      name           = optional(string)
      source         = optional(string)
      content        = optional(string)
      dataset_id     = optional(number)
      verify_content = optional(bool, true)
      force_destroy  = optional(bool, false)
    })), {})
  }))

  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.organizations) : can(regex("^[^/]+$", key))])
    error_message = "The key of an organization must not be empty or hold a slash, which separates it from the keys of files."
  }

  validation {
    condition     = alltrue([for o in values(var.organizations) : o != null])
    error_message = "An organization must not be null. One without attributes is {}."
  }

  validation {
    condition = alltrue(flatten([
      for o in values(var.organizations) : [for f in values(o.files) : f != null] if o != null
    ]))
    error_message = "A file must not be null: it needs either a source or a content."
  }

  validation {
    condition = alltrue([
      for o in values(var.organizations) : o.name == null ? true : trimspace(o.name) != "" if o != null
    ])
    error_message = "The name of an organization must not be blank. Leave it out to take the key."
  }

  validation {
    condition = alltrue([
      for o in values(var.organizations) :
      length(setsubtract(coalesce(o.settings.disabled_features, []), ["ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"])) == 0
      if o != null
    ])
    error_message = "Features that can be disabled are ADV_CRAFTING, EVALUATION and ROBUSTNESS."
  }

  validation {
    condition = alltrue(flatten([
      for o in values(var.organizations) : [
        for quota in [o.settings.max_item_count, o.settings.max_time_allocated, o.settings.max_time_per_task] :
        quota == null ? true : quota >= 0 && quota <= 2147483647 && floor(quota) == quota
      ] if o != null
    ]))
    error_message = "A quota is a whole number from 0 to 2147483647."
  }
}

variable "default_settings" {
  description = "Settings for every organization that doesn't name its own. What neither names is left as the platform has it."

  type = object({
    disabled_features  = optional(set(string))
    max_item_count     = optional(number)
    max_time_allocated = optional(number)
    max_time_per_task  = optional(number)
  })

  default  = {}
  nullable = false
}
