resource "guardai_organization" "research" {
  name = "Research"

  disabled_features = ["ADV_CRAFTING"]
  max_item_count    = 100000
  max_time_per_task = 3600
}

# A copy of another organization, with its settings and files.
resource "guardai_organization" "trial" {
  name                   = "Trial"
  source_organization_id = guardai_organization.research.id

  # A destroy also deletes the organization's data and files.
  force_destroy = true
}
