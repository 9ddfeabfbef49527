variable "name" {
  description = "Name of the organization."
  type        = string
  default     = "quickstart"
}

variable "disabled_features" {
  description = "Disabled features: ADV_CRAFTING, EVALUATION or ROBUSTNESS."
  type        = set(string)
  default     = ["ADV_CRAFTING"]
}

variable "max_item_count" {
  description = "Maximum number of items."
  type        = number
  default     = 1000
}

variable "max_time_per_task" {
  description = "Time that a single task may use. The API documentation doesn't name the unit."
  type        = number
  default     = 3600
}

variable "classes_name" {
  description = "Name of the class mapping file on the platform."
  type        = string
  default     = "classes.csv"
}
