data "guardai_organization_file_usage" "road_users" {
  organization_id = "42"
  ref             = "5f3b9c"
}

output "projects_with_road_users" {
  value = data.guardai_organization_file_usage.road_users.project_ids
}
