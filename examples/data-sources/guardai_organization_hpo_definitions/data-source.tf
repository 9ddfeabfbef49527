data "guardai_organization_hpo_definitions" "research" {
  organization_id = "42"
}

# The names of the enabled methods.
output "hpo_methods" {
  value = [for d in data.guardai_organization_hpo_definitions.research.hpo_definitions : d.name if d.enabled == true]
}
