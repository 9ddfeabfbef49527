resource "guardai_organization" "research" {
  name = "Research"
}

# A local file. The provider uploads it again when its content changes.
resource "guardai_organization_file" "road_users" {
  organization_id = guardai_organization.research.id
  source          = "${path.module}/road-users.json"
}

# A small file whose content is in the configuration.
resource "guardai_organization_file" "signs" {
  organization_id = guardai_organization.research.id
  name            = "signs.json"
  content = jsonencode({
    stop  = 1
    yield = 2
  })
}
