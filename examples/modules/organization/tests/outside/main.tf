# Changes an organization that the module manages, as someone else would.

terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}

variable "organization_id" {
  description = "ID of the organization."
  type        = string
}

resource "guardai_organization_file" "this" {
  organization_id = var.organization_id
  name            = "outside.csv"
  content         = "source,target\n"
}

data "guardai_organization" "this" {
  id = var.organization_id

  depends_on = [guardai_organization_file.this]
}

# The reference of the file after its first upload.
resource "terraform_data" "first_ref" {
  input = guardai_organization_file.this.ref

  lifecycle {
    ignore_changes = [input]
  }
}
