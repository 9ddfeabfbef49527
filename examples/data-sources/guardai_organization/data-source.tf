# By name, which must belong to one organization alone.
data "guardai_organization" "research" {
  name = "Research"
}

# By id, with the storage figures worked out anew, which takes admin rights.
data "guardai_organization" "trial" {
  id            = 42
  refresh_stats = true
}

output "research_quota" {
  value = data.guardai_organization.research.settings.max_item_count
}

output "trial_storage" {
  value = data.guardai_organization.trial.stats.dataset_storage
}
