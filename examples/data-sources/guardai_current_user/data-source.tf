data "guardai_current_user" "this" {}

output "acting_as" {
  value = data.guardai_current_user.this.email
}
