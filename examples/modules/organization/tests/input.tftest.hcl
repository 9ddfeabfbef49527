# Input that a plan refuses, before anything is created.

run "refuses_a_blank_name" {
  command = plan

  variables {
    organizations = { a = { name = " " } }
  }

  expect_failures = [var.organizations]
}

run "refuses_an_organization_that_is_null" {
  command = plan

  variables {
    organizations = { a = null, b = {} }
  }

  expect_failures = [var.organizations]
}

run "refuses_a_file_that_is_null" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = null } } }
  }

  expect_failures = [var.organizations]
}

run "refuses_a_key_with_a_slash" {
  command = plan

  variables {
    organizations = { "a/b" = {} }
  }

  expect_failures = [var.organizations]
}

run "refuses_an_empty_key" {
  command = plan

  variables {
    organizations = { "" = { name = "a" } }
  }

  expect_failures = [var.organizations]
}

run "refuses_an_unknown_feature" {
  command = plan

  variables {
    organizations = { a = { settings = { disabled_features = ["EVALUATION", "evaluation"] } } }
  }

  expect_failures = [var.organizations]
}

run "refuses_a_negative_quota" {
  command = plan

  variables {
    organizations = { a = { settings = { max_item_count = -1 } } }
  }

  expect_failures = [var.organizations]
}

run "refuses_a_quota_that_is_too_high" {
  command = plan

  variables {
    organizations = { a = { settings = { max_time_allocated = 2147483648 } } }
  }

  expect_failures = [var.organizations]
}

run "refuses_half_a_unit" {
  command = plan

  variables {
    organizations = { a = { settings = { max_time_per_task = 0.5 } } }
  }

  expect_failures = [var.organizations]
}

run "refuses_a_file_without_content" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = {} } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "refuses_a_file_with_two_contents" {
  command = plan

  variables {
    organizations = { a = { files = { "a.csv" = { source = "tests/signs.csv", content = "x" } } } }
  }

  expect_failures = [guardai_organization_file.this]
}

run "takes_the_bounds" {
  command = plan

  variables {
    organizations = {
      a = { settings = { disabled_features = [], max_item_count = 0, max_time_allocated = 2147483647, max_time_per_task = 1 } }
    }
  }

  assert {
    condition     = guardai_organization.this["a"].settings.max_item_count == 0 && guardai_organization.this["a"].settings.max_time_allocated == 2147483647
    error_message = "The lowest and the highest quota are quotas."
  }
}

run "takes_attributes_that_are_null" {
  command = plan

  variables {
    organizations = { a = { name = null, force_destroy = null, settings = null, files = null } }
  }

  assert {
    condition     = guardai_organization.this["a"].name == "a" && !guardai_organization.this["a"].force_destroy && length(output.files) == 0
    error_message = "An attribute that is null is one that is left out."
  }
}

run "takes_no_organization_at_all" {
  command = plan

  variables {
    organizations = {}
  }

  assert {
    condition     = length(output.ids) == 0 && length(output.files) == 0
    error_message = "Without organizations there is nothing to create."
  }
}
