data "guardai_organizations" "all" {
  name_regex = "^team "
}

locals {
  organization_ids = guardai_organization.team[*].id
  file_ids         = guardai_organization_file.classes[*].id
}

output "orphans" {
  value = {
    organizations = [
      for o in data.guardai_organizations.all.organizations : o.id
      if !contains(local.organization_ids, o.id)
    ]
    files = flatten([
      for o in data.guardai_organizations.all.organizations : [
        for f in o.class_mapping_files : f.id if !contains(local.file_ids, f.id)
      ]
    ])
  }
}
