# By the organization's ID and the file's type and reference, each percent-encoded.
terraform import guardai_organization_file.road_users 42/classmapping/5f3b9c

# By the organization's ID and the file's name, which must be unique within the organization.
terraform import guardai_organization_file.road_users 42/road-users.json
