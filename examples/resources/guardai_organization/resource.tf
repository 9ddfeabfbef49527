resource "guardai_organization" "research" {
  name = "Research"

  # A setting that isn't named, such as max_time_allocated, is left as the platform has it.
  disabled_features = ["ADV_CRAFTING"]
  max_item_count    = 100000
  max_time_per_task = 3600
}

# An organization that starts as a copy, with the settings and files of the other.
resource "guardai_organization" "trial" {
  name                   = "Trial"
  source_organization_id = guardai_organization.research.id

  # Destroying it also deletes whatever is stored in it by then.
  force_destroy = true
}
