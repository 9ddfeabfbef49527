output "id" {
  description = "Id that the platform gave the organization."
  value       = guardai_organization.quickstart.id
}

output "max_time_allocated" {
  description = "Time that the organization may use in total, which the configuration leaves to the platform."
  value       = guardai_organization.quickstart.max_time_allocated
}
