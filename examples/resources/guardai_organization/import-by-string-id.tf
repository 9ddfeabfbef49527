import {
  to = guardai_organization.research
  id = "42"
}
