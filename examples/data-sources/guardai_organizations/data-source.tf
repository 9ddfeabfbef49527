data "guardai_organizations" "teams" {
  name_regex = "^Team "
}

output "team_names" {
  value = { for o in data.guardai_organizations.teams.organizations : o.id => o.name }
}
