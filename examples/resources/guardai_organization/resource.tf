resource "guardai_organization" "research" {
  name = "Research"

  # The provider leaves settings that you omit, such as max_time_allocated, as they are on the platform.
  disabled_features = ["ADV_CRAFTING"]
  max_item_count    = 100000
  max_time_per_task = 3600
}

# An organization that is created as a copy of another, with its settings and files.
resource "guardai_organization" "trial" {
  name                   = "Trial"
  source_organization_id = guardai_organization.research.id

  # A destroy also deletes the data and files in the organization.
  force_destroy = true
}
