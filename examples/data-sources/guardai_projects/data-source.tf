data "guardai_projects" "research" {
  organization_id = "42"
}

# Projects that the platform hasn't verified.
output "unverified" {
  value = [for p in data.guardai_projects.research.projects : p.name if p.verified != true]
}
