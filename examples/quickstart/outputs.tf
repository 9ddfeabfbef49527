output "id" {
  description = "Id that the platform gave the organization."
  value       = guardai_organization.quickstart.id
}

output "settings" {
  description = "Settings, those that the platform chose among them."
  value       = guardai_organization.quickstart.settings
}
