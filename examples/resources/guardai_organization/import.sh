# By the organization's id.
terraform import guardai_organization.research 42
