data "guardai_organization" "research" {
  name = "Research"
}

# The organization lists its class mappings, and tells their references.
data "guardai_organization_file" "class_mapping" {
  for_each = { for f in data.guardai_organization.research.settings.class_mapping_files : f.ref => f }

  organization_id = data.guardai_organization.research.id
  ref             = each.key
}

output "class_mappings" {
  value = { for f in data.guardai_organization_file.class_mapping : f.name => jsondecode(f.content) }
}
