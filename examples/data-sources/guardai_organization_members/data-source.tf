data "guardai_organization_members" "research" {
  organization_id = "42"
}

# Members who haven't accepted the license yet.
output "license_missing" {
  value = [for m in data.guardai_organization_members.research.members : m.email if m.license_accepted == false]
}
