resource "guardai_organization" "research" {
  name = "Research"
}

# A file of this machine. It is uploaded again, in place, whenever its content changes.
resource "guardai_organization_file" "road_users" {
  organization_id = guardai_organization.research.id
  source          = "${path.module}/road-users.json"
}

# A small one, made from values.
resource "guardai_organization_file" "signs" {
  organization_id = guardai_organization.research.id
  name            = "signs.json"
  content = jsonencode({
    stop  = 1
    yield = 2
  })
}
