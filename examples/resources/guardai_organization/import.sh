# By the organization's id.
terraform import guardai_organization.research 42

# By its name, which must be unique.
terraform import guardai_organization.research "Research"
