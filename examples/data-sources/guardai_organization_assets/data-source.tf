data "guardai_organization_assets" "research" {
  organization_id = "42"
}

output "metrics" {
  value = data.guardai_organization_assets.research.metrics
}
