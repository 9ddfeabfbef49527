# Input that a plan rejects or accepts. The provider is a mock, so these runs need neither a platform nor credentials.

mock_provider "guardai" {}

run "rejects_a_blank_name" {
  command = plan

  variables {
    organizations = { a = { name = " " } }
  }

  expect_failures = [guardai_organization.this]
}

run "rejects_an_organization_that_is_null" {
  command = plan

  variables {
    organizations = { a = null, b = {} }
  }

  expect_failures = [var.organizations]
}

run "rejects_a_file_that_is_null" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = null } } }
  }

  expect_failures = [var.organizations]
}

run "rejects_a_key_with_a_slash" {
  command = plan

  variables {
    organizations = { "a/b" = {} }
  }

  expect_failures = [var.organizations]
}

run "rejects_an_empty_key" {
  command = plan

  variables {
    organizations = { "" = { name = "a" } }
  }

  expect_failures = [var.organizations]
}

run "rejects_a_misspelled_setting" {
  command = plan

  variables {
    organizations = { a = { max_item_coutn = 5 } }
  }

  expect_failures = [guardai_organization.this]
}

run "rejects_a_misspelled_attribute_of_a_file" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = { content = "x", dataset = "7" } } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "rejects_a_misspelled_default" {
  command = plan

  variables {
    organizations    = {}
    default_settings = { max_item_coutn = 5 }
  }

  expect_failures = [var.default_settings]
}

run "rejects_a_quota_that_is_not_a_number" {
  command = plan

  variables {
    organizations = { a = { max_item_count = "many" } }
  }

  expect_failures = [guardai_organization.this]
}

run "rejects_features_that_are_not_a_list" {
  command = plan

  variables {
    organizations = { a = { disabled_features = "ROBUSTNESS" } }
  }

  expect_failures = [guardai_organization.this]
}

run "rejects_a_default_that_is_not_a_number" {
  command = plan

  variables {
    organizations    = {}
    default_settings = { max_item_count = "many" }
  }

  expect_failures = [var.default_settings]
}

run "rejects_content_that_is_not_a_string" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = { content = ["x"] } } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "rejects_an_organization_that_is_not_an_object" {
  command = plan

  variables {
    organizations = { a = "Perception" }
  }

  expect_failures = [var.organizations]
}

run "rejects_files_in_a_list" {
  command = plan

  variables {
    organizations = { a = { files = ["a.csv"] } }
  }

  expect_failures = [var.organizations]
}

run "rejects_a_file_without_content" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = {} } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "rejects_a_file_with_both_source_and_content" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = { source = "tests/signs.csv", content = "x" } } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "accepts_the_lowest_and_the_highest_quota" {
  command = plan

  variables {
    organizations = {
      a = { disabled_features = [], max_item_count = 0, max_time_allocated = 2147483647, max_time_per_task = 1 }
    }
  }

  assert {
    condition     = guardai_organization.this["a"].max_item_count == 0 && guardai_organization.this["a"].max_time_allocated == 2147483647
    error_message = "The lowest and the highest quota must be accepted."
  }
}

run "accepts_null_attributes" {
  command = plan

  variables {
    organizations = { a = { name = null, force_destroy = null, max_item_count = null, files = null } }
  }

  assert {
    condition     = guardai_organization.this["a"].name == "a" && length(output.files) == 0
    error_message = "A null attribute must count as omitted."
  }
}

run "accepts_no_organizations" {
  command = plan

  variables {
    organizations = {}
  }

  assert {
    condition     = length(output.ids) == 0 && length(output.files) == 0
    error_message = "Without organizations, there must be nothing to create."
  }
}

run "creates_organizations_and_files_without_a_platform" {
  variables {
    organizations = {
      a = { max_item_count = 5, files = { "a.csv" = { content = "x", dataset_id = "7" } } }
      b = {}
    }
  }

  assert {
    condition     = guardai_organization_file.this["a/a.csv"].organization_id == output.ids["a"]
    error_message = "A file must belong to its organization."
  }
}
