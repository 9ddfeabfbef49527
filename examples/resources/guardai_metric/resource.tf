resource "guardai_organization" "research" {
  name = "Research"
}

resource "guardai_metric" "miss_rate" {
  organization_id = guardai_organization.research.id
  name            = "miss-rate"
  description     = "Share of objects that were not detected."
  tasks           = ["OBJECT_DETECTION"]
  source          = "${path.module}/miss_rate.py"
}
