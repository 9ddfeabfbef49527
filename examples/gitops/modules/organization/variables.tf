variable "name" {
  description = "Name on the platform. A change renames the organization in place."
  type        = string
  nullable    = false
}

variable "disabled_features" {
  description = "Features to disable. An empty list disables none."
  type        = set(string)
  default     = null
}

variable "max_item_count" {
  description = "Maximum number of items."
  type        = number
  default     = null
}

variable "max_time_allocated" {
  description = "Total time that the organization may use."
  type        = number
  default     = null
}

variable "max_time_per_task" {
  description = "Time that a single task may use."
  type        = number
  default     = null
}

variable "force_destroy" {
  description = "Whether to destroy the organization without a check, with everything in it."
  type        = bool
  default     = null
}

variable "files" {
  description = "Mapping files by key, each with a source or a content. A changed key replaces the file. The name defaults to the key."
  type = map(object({
    source         = optional(string)
    content        = optional(string)
    name           = optional(string)
    dataset_id     = optional(string)
    verify_content = optional(bool)
    force_destroy  = optional(bool)
  }))
  default  = {}
  nullable = false

  # The CLI drops misspelled attributes of objects, so a misspelled source or content shows only here. It hides a message
  # that depends on a sensitive value, even if only on whether there is one.
  validation {
    condition     = alltrue([for file in var.files : try((file.source == null) != (file.content == null), false)])
    error_message = "Each of the files needs either source or content. Check the spelling of ${join(", ", [for key, file in var.files : key if !try((file.source == null) != (try(nonsensitive(file.content), file.content) == null), false)])}."
  }
}

variable "members" {
  description = "Email addresses of users who are members. Other members stay."
  type        = set(string)
  default     = []
  nullable    = false
}
