import {
  to = guardai_metric.miss_rate
  identity = {
    organization_id = "42"
    id              = "5f0c4d1e-2b7a-4c55-9c55-0d6a1f3c9a10"
  }
}
