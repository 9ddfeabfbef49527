import {
  to = guardai_organization_member.mei
  id = "42/7"
}
