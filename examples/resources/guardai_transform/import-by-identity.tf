import {
  to = guardai_transform.fog
  identity = {
    organization_id = "42"
    id              = "1001"
  }
}
