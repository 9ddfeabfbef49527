resource "guardai_organization" "research" {
  name = "Research"
}

resource "guardai_organization_file" "signs" {
  organization_id = guardai_organization.research.id
  name            = "signs.json"
  content = jsonencode({
    stop  = 1
    yield = 2
  })

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.guardai_organization_refresh_stats.research]
    }
  }
}

action "guardai_organization_refresh_stats" "research" {
  config {
    organization_id = guardai_organization.research.id
  }
}
