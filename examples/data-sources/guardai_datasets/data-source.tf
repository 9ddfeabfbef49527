data "guardai_datasets" "research" {
  organization_id = "42"
}

# IDs by name, for the argument dataset_id of a file.
output "datasets" {
  value = { for d in data.guardai_datasets.research.datasets : d.name => d.id... if d.predefined != true }
}
