# An organization with quotas and a class mapping file. Apply it to GuardAI, or to the sandbox, which the README of the
# repository describes.

terraform {
  required_version = ">= 1.5"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}

# The address of GuardAI and the API key come from GUARDAI_HOST, GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {}

resource "guardai_organization" "quickstart" {
  name = var.name

  disabled_features = var.disabled_features
  max_item_count    = var.max_item_count
  max_time_per_task = var.max_time_per_task
}

# The provider uploads the file again when its content changes.
resource "guardai_organization_file" "classes" {
  organization_id = guardai_organization.quickstart.id
  source          = "${path.module}/classes.csv"
  name            = var.classes_name
}
