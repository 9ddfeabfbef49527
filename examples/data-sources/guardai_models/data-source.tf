data "guardai_models" "research" {
  organization_id = "42"
}

output "frameworks" {
  value = { for m in data.guardai_models.research.models : m.name => m.framework_type... }
}
