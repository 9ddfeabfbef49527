output "ids" {
  description = "IDs of the organizations, by the keys of var.organizations."
  value       = { for key, o in guardai_organization.this : key => o.id }
}

output "organizations" {
  description = "The organizations with all of their settings, by the keys of var.organizations."
  value = {
    for key, o in guardai_organization.this : key => merge(
      { id = o.id, name = o.name, created_at = o.created_at },
      { for name in keys(local.setting_types) : name => o[name] },
    )
  }
}

output "files" {
  description = "The files, by ORGANIZATION_KEY/FILE_KEY."
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
