# By ID.
terraform import guardai_organization.research 42

# By name, which must be unique.
terraform import guardai_organization.research "Research"
