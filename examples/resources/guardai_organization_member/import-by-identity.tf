import {
  to = guardai_organization_member.mei
  identity = {
    organization_id = "42"
    user_id         = "7"
  }
}
