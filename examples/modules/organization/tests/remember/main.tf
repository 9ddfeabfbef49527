# Remembers a value, so that a later run can compare another with it.

variable "value" {
  description = "The value that must stay the same."
  type        = any
}

resource "terraform_data" "first" {
  input = var.value

  lifecycle {
    ignore_changes = [input]
  }
}
