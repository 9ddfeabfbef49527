# What the module creates, and how a change of its input arrives. The runs share one state: each goes on where
# the one before it ended, and what is left is destroyed at the end.

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
    error_message = "An organization has its name, or its key where it has none."
  }

  assert {
    condition     = output.organizations["perception"].max_item_count == 5000
    error_message = "An organization's own quota comes before the default."
  }

  assert {
    condition     = output.organizations["Test Trial"].max_item_count == 100
    error_message = "The default is for an organization without a quota of its own."
  }

  assert {
    condition     = output.organizations["perception"].disabled_features == toset(["ADV_CRAFTING"])
    error_message = "Features are disabled."
  }

  assert {
    condition     = output.ids == { for key, o in output.organizations : key => o.id } && output.ids["perception"] != output.ids["Test Trial"]
    error_message = "Each organization has an id of its own."
  }

  assert {
    condition     = { for key, f in output.files : key => f.name } == { "perception/users" = "road-users.csv", "perception/signs.csv" = "signs.csv" }
    error_message = "A file has its name, or its key where it has none."
  }

  assert {
    condition     = output.files["perception/signs.csv"].content_sha256 == filesha256("tests/signs.csv")
    error_message = "A file holds what its source does."
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
    error_message = "The quota is the new one."
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
    error_message = "The file has the new name."
  }

  assert {
    condition     = toset(keys(output.files)) == toset(["perception/users", "perception/signs.csv", "perception/lights.json", "Test Trial/signs.csv"])
    error_message = "The new files are there alongside the old ones."
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
    error_message = "Organization and file are the same ones, and a quota that nobody names is as it was."
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
    error_message = "What was taken out of the input is gone."
  }
}

# The last run is the first whose objects are destroyed: this file must go before its organization.
run "left_the_file_from_outside" {
  module {
    source = "./tests/outside"
  }

  variables {
    organization_id = run.removes_a_file_and_an_organization.ids["perception"]
  }

  assert {
    condition     = terraform_data.first_ref.output == guardai_organization_file.this.ref
    error_message = "The file is the one that was uploaded."
  }

  assert {
    condition     = toset(data.guardai_organization.this.class_mapping_files[*].file_name) == toset(["users.csv", "outside.csv"])
    error_message = "The organization holds the file from outside, and what is left of the module's."
  }
}
