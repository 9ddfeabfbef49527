# By the ID of the organization.
terraform import guardai_organization.research 42

# By the name of the organization, which must be unique.
terraform import guardai_organization.research "Research"
