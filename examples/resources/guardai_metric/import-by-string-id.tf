import {
  to = guardai_metric.miss_rate
  id = "42/5f0c4d1e-2b7a-4c55-9c55-0d6a1f3c9a10?source=./miss_rate.py"
}
