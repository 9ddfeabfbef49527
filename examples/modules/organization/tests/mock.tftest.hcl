# Input that a plan rejects or accepts. The provider is a mock, so these runs need neither a platform nor credentials.

mock_provider "guardai" {}

variables {
  name = "Perception"
}

run "rejects_a_file_without_content" {
  command = plan

  variables {
    files = { "a.csv" = { sorce = "a.csv" } }
  }

  expect_failures = [var.files]
}

run "rejects_a_file_with_both_source_and_content" {
  command = plan

  variables {
    files = { "a.csv" = { source = "a.csv", content = "x" } }
  }

  expect_failures = [var.files]
}

run "rejects_a_file_that_is_null" {
  command = plan

  variables {
    files = { "a.csv" = null }
  }

  expect_failures = [var.files]
}

run "creates_an_organization_without_a_platform" {
  variables {
    disabled_features = null
    files             = null
    members           = null
  }

  assert {
    condition     = guardai_organization.this.name == "Perception" && length(guardai_organization_file.this) + length(guardai_organization_member.this) == 0
    error_message = "An attribute that is null must count as omitted."
  }
}

run "creates_files_and_members_without_a_platform" {
  variables {
    files   = { "a.csv" = { content = "x" }, b = { name = "b.csv", content = "x" } }
    members = ["Mei.Tanaka@example.com", "mei.tanaka@example.com"]
  }

  assert {
    condition     = { for key, file in guardai_organization_file.this : key => file.name } == { "a.csv" = "a.csv", b = "b.csv" }
    error_message = "A file without a name must have its key as the name."
  }

  assert {
    condition     = keys(guardai_organization_member.this) == ["mei.tanaka@example.com"]
    error_message = "Two spellings of an address must be one member."
  }
}
