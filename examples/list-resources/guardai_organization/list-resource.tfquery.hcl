list "guardai_organization" "all" {
  provider = guardai
  limit    = 1000
}

list "guardai_organization" "fleets" {
  provider         = guardai
  include_resource = true

  config {
    name_regex = "^Fleet "
  }
}
