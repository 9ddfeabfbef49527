data "guardai_users" "example_com" {
  email_regex = "@example\\.com$"
}

# Administrators of the platform.
output "administrators" {
  value = [for u in data.guardai_users.example_com.users : u.email if strcontains(coalesce(u.roles, "-"), "ADMIN")]
}
