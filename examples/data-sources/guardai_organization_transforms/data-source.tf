data "guardai_organization_transforms" "research" {
  organization_id = "42"
}

# The parameters of each enabled transform, by name.
output "transform_params" {
  value = {
    for t in data.guardai_organization_transforms.research.transforms :
    t.name => t.params == null ? null : jsondecode(t.params) if t.enabled == true
  }
}
