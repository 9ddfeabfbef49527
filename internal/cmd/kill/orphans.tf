data "guardai_organizations" "all" {
  name_regex = "^team "
}

locals {
  organization_ids = guardai_organization.team[*].id
  file_refs        = guardai_organization_file.classes[*].ref
}

output "orphans" {
  value = {
    organizations = [
      for o in data.guardai_organizations.all.organizations : o.id
      if !contains(local.organization_ids, o.id)
    ]
    files = flatten([
      for o in data.guardai_organizations.all.organizations : [
        for f in o.settings.class_mapping_files[*] : "${o.id}/classmapping/${replace(urlencode(f.ref), "+", "%20")}"
        if !contains(local.file_refs, f.ref)
      ]
    ])
  }
}
