list "guardai_transform" "research" {
  provider = guardai

  config {
    organization_id = "42"
  }
}
