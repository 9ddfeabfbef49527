# By the IDs of the organization and the metric.
terraform import guardai_metric.miss_rate 42/5f0c4d1e-2b7a-4c55-9c55-0d6a1f3c9a10

# By the ID of the organization and the name of the metric, if only one that you may see has that name.
terraform import guardai_metric.miss_rate 42/miss-rate
