# terraform apply -invoke=action.guardai_user_invite.mei
action "guardai_user_invite" "mei" {
  config {
    email = "mei.tanaka@example.com"
    name  = "Mei Tanaka"
  }
}
