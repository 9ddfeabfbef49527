list "guardai_organization_member" "all" {
  provider = guardai
  limit    = 1000
}

list "guardai_organization_member" "of_one_organization" {
  provider = guardai

  config {
    organization_id = "42"
  }
}
