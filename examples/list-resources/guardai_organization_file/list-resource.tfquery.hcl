list "guardai_organization_file" "all" {
  provider = guardai
  limit    = 1000
}

list "guardai_organization_file" "of_one_organization" {
  provider = guardai

  config {
    organization_id = "42"
  }
}
