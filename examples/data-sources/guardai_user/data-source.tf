data "guardai_user" "mei" {
  email = "mei.tanaka@example.com"
}

output "organizations_of_mei" {
  value = data.guardai_user.mei.organization_ids
}
