output "id" {
  description = "ID of the organization."
  value       = guardai_organization.this.id
}
