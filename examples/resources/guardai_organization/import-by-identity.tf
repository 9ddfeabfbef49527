import {
  to = guardai_organization.research
  identity = {
    id = "42"
  }
}
