# What the module creates, and what a change of its input changes. The runs share one state: each continues from the one
# before it. What is left is destroyed at the end.

variables {
  organizations = {
    perception = {
      name              = "Test Perception"
      disabled_features = ["ADV_CRAFTING"]
      max_item_count    = 5000
      files = {
        users = {
          name    = "road-users.csv"
          content = "source,target\nVan,vehicle\n"
        }
        "signs.csv" = {
          source = "tests/signs.csv"
        }
      }
    }
    "Test Trial" = {}
  }

  default_settings = {
    max_item_count = 100
  }
}

run "creates" {
  assert {
    condition     = output.organizations["perception"].name == "Test Perception" && output.organizations["Test Trial"].name == "Test Trial"
    error_message = "An organization without a name must have its key as the name."
  }

  assert {
    condition     = output.organizations["perception"].max_item_count == 5000
    error_message = "An organization's own quota must take precedence over the default."
  }

  assert {
    condition     = output.organizations["Test Trial"].max_item_count == 100
    error_message = "An organization without its own quota must have the default."
  }

  assert {
    condition     = output.organizations["perception"].disabled_features == toset(["ADV_CRAFTING"])
    error_message = "The features must be disabled."
  }

  assert {
    condition     = output.ids == { for key, o in output.organizations : key => o.id } && output.ids["perception"] != output.ids["Test Trial"]
    error_message = "Each organization must have its own ID."
  }

  assert {
    condition     = { for key, f in output.files : key => f.name } == { "perception/users" = "road-users.csv", "perception/signs.csv" = "signs.csv" }
    error_message = "A file without a name must have its key as the name."
  }

  assert {
    condition     = output.files["perception/signs.csv"].content_sha256 == filesha256("tests/signs.csv")
    error_message = "The content of a file must be that of its source."
  }
}

run "remembers" {
  module {
    source = "./tests/remember"
  }

  variables {
    value = {
      id          = run.creates.ids["perception"]
      created_at  = run.creates.organizations["perception"].created_at
      time_quota  = run.creates.organizations["perception"].max_time_per_task
      file_of_key = run.creates.files["perception/users"].ref
    }
  }
}

# Someone else uploads a file to the organization, outside this module.
run "uploads_a_file_from_outside" {
  module {
    source = "./tests/outside"
  }

  variables {
    organization_id = run.creates.ids["perception"]
  }
}

run "changes_a_quota" {
  variables {
    organizations = {
      perception = {
        name              = "Test Perception"
        disabled_features = ["ADV_CRAFTING"]
        max_item_count    = 9000
        files = {
          users       = { name = "road-users.csv", content = "source,target\nVan,vehicle\n" }
          "signs.csv" = { source = "tests/signs.csv" }
        }
      }
      "Test Trial" = {}
    }
  }

  assert {
    condition     = output.organizations["perception"].max_item_count == 9000
    error_message = "The quota must be the new one."
  }
}

run "adds_and_renames_files" {
  variables {
    organizations = {
      perception = {
        name              = "Test Perception"
        disabled_features = ["ADV_CRAFTING"]
        max_item_count    = 9000
        files = {
          users         = { name = "users.csv", content = "source,target\nVan,vehicle\n" }
          "signs.csv"   = { source = "tests/signs.csv" }
          "lights.json" = { content = "{}" }
        }
      }
      "Test Trial" = { files = { "signs.csv" = { source = "tests/signs.csv" } } }
    }
  }

  assert {
    condition     = output.files["perception/users"].name == "users.csv"
    error_message = "The file must have the new name."
  }

  assert {
    condition     = toset(keys(output.files)) == toset(["perception/users", "perception/signs.csv", "perception/lights.json", "Test Trial/signs.csv"])
    error_message = "The organizations must have the old and the new files."
  }
}

run "changed_in_place" {
  module {
    source = "./tests/remember"
  }

  variables {
    value = {
      id          = run.adds_and_renames_files.ids["perception"]
      created_at  = run.adds_and_renames_files.organizations["perception"].created_at
      time_quota  = run.adds_and_renames_files.organizations["perception"].max_time_per_task
      file_of_key = run.adds_and_renames_files.files["perception/users"].ref
    }
  }

  assert {
    condition     = terraform_data.first.output == var.value
    error_message = "The organization, the file and a quota that the input doesn't set must be the same as before."
  }
}

run "removes_a_file_and_an_organization" {
  variables {
    organizations = {
      perception = {
        name              = "Test Perception"
        disabled_features = ["ADV_CRAFTING"]
        max_item_count    = 9000
        files = {
          users = { name = "users.csv", content = "source,target\nVan,vehicle\n" }
        }
      }
    }
  }

  assert {
    condition     = keys(output.files) == ["perception/users"] && keys(output.ids) == ["perception"]
    error_message = "The file and the organization that the input no longer contains must be gone."
  }
}

# The CLI destroys the objects of the last run first, and this file must be destroyed before its organization.
run "left_the_file_from_outside" {
  module {
    source = "./tests/outside"
  }

  variables {
    organization_id = run.removes_a_file_and_an_organization.ids["perception"]
  }

  assert {
    condition     = terraform_data.first_ref.output == guardai_organization_file.this.ref
    error_message = "The file must be the one that was uploaded."
  }

  assert {
    condition     = toset(data.guardai_organization.this.class_mapping_files[*].file_name) == toset(["users.csv", "outside.csv"])
    error_message = "The organization must have the file from outside and the module's remaining file."
  }
}
