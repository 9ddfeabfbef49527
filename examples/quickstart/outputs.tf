output "id" {
  description = "ID of the organization."
  value       = guardai_organization.quickstart.id
}

output "max_time_allocated" {
  description = "Total time that the organization may use. The platform chooses it, because the configuration doesn't set it."
  value       = guardai_organization.quickstart.max_time_allocated
}
