# By name, which must be unique.
data "guardai_organization" "research" {
  name = "Research"
}

# By ID, with recalculated storage figures.
data "guardai_organization" "trial" {
  id            = "42"
  refresh_stats = true
}

output "research_quota" {
  value = data.guardai_organization.research.max_item_count
}

output "trial_storage" {
  value = data.guardai_organization.trial.stats.dataset_storage
}
