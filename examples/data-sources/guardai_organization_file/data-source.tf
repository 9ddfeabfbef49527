# By name, which must be unique within the organization.
data "guardai_organization_file" "road_users" {
  organization_id = "42"
  name            = "road-users.json"
}

output "road_users" {
  value = jsondecode(data.guardai_organization_file.road_users.content)
}

# All class mappings of an organization.
data "guardai_organization" "research" {
  name = "Research"
}

data "guardai_organization_file" "class_mapping" {
  for_each = toset(data.guardai_organization.research.class_mapping_files[*].ref)

  organization_id = data.guardai_organization.research.id
  ref             = each.key
}

output "class_mappings" {
  value = { for f in data.guardai_organization_file.class_mapping : f.name => jsondecode(f.content) }
}
