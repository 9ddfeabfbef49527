resource "guardai_organization" "research" {
  name = "Research"
}

resource "guardai_transform" "fog" {
  organization_id = guardai_organization.research.id
  name            = "fog"
  description     = "Adds fog to an image."
  tasks           = ["OBJECT_DETECTION"]
  params          = jsonencode([{ name = "density", type = "float", default = 0.3 }])
  source          = "${path.module}/fog.py"
}
