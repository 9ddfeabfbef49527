# What a change of the input changes on a platform. The runs share one state, and what is left is destroyed at the end.

# The address and the key of the sandbox, whatever GUARDAI_HOST names.
provider "guardai" {
  host       = "http://localhost:8082"
  api_key_id = "sandbox-admin"
  api_key    = "sandbox-admin-key"
}

variables {
  name           = "Test Perception"
  max_item_count = 5000
  files = {
    users = { name = "road-users.csv", content = "source,target\n" }
  }
  members = ["mei.tanaka@example.com"]
}

run "creates" {
  assert {
    condition     = guardai_organization_file.this["users"].organization_id == output.id && guardai_organization_member.this["mei.tanaka@example.com"].organization_id == output.id
    error_message = "The file and the member must be in the organization."
  }
}

run "changes_in_place" {
  variables {
    name    = "Test Vision"
    files   = { users = { name = "users.csv", content = "source,target\n" } }
    members = ["MEI.TANAKA@example.com"]
  }

  assert {
    condition     = guardai_organization.this.name == "Test Vision"
    error_message = "The organization must be renamed."
  }
}

run "leaves_an_omitted_quota_alone" {
  variables {
    max_item_count = null
    files          = {}
    members        = []
  }

  assert {
    condition     = guardai_organization.this.max_item_count == 5000
    error_message = "The quota must stay."
  }
}
