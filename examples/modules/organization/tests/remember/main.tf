# Remembers the first value that it is given, for a later run to compare another with.

variable "value" {
  description = "What is to stay the same."
  type        = any
}

resource "terraform_data" "first" {
  input = var.value

  lifecycle {
    ignore_changes = [input]
  }
}
