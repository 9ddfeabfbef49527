# Requires administrator rights.
data "guardai_organization_members" "research" {
  organization_id = "42"
}

# Who hasn't accepted the license yet.
output "license_missing" {
  value = [for m in data.guardai_organization_members.research.members : m.email if m.license_accepted == false]
}
