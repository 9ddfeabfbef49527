resource "guardai_organization" "research" {
  name = "Research"
}

# One member, by email address.
resource "guardai_organization_member" "kofi" {
  organization_id = guardai_organization.research.id
  email           = "kofi.mensah@example.com"
}

# Several members.
resource "guardai_organization_member" "annotators" {
  for_each = toset(["mei.tanaka@example.com", "tom.ferreira@example.com"])

  organization_id = guardai_organization.research.id
  email           = each.key
}
