variable "name" {
  description = "Name of the organization."
  type        = string
  default     = "quickstart"
}

variable "disabled_features" {
  description = "Features that the organization can't use, such as ADV_CRAFTING, EVALUATION and ROBUSTNESS."
  type        = set(string)
  default     = ["ADV_CRAFTING"]
}

variable "max_item_count" {
  description = "Maximum number of items."
  type        = number
  default     = 1000
}

variable "max_time_per_task" {
  description = "Time that a single task may use, in the platform's unit."
  type        = number
  default     = 3600
}

variable "classes_name" {
  description = "Name of the class mapping file on the platform."
  type        = string
  default     = "classes.csv"
}
