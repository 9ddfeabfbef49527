output "ids" {
  description = "Ids of the organizations, by the keys of var.organizations."
  value       = { for key, o in guardai_organization.this : key => o.id }
}

output "organizations" {
  description = "The organizations, by the same keys, with the settings that they have, those that the platform chose among them."
  value = {
    for key, o in guardai_organization.this : key => {
      id         = o.id
      name       = o.name
      created_at = o.created_at
      settings   = o.settings
    }
  }
}

output "files" {
  description = "The files, by ORGANIZATION/FILE, which are their keys."
  value = {
    for key, f in guardai_organization_file.this : key => {
      id             = f.id
      ref            = f.ref
      name           = f.name
      size           = f.size
      content_sha256 = f.content_sha256
    }
  }
}
