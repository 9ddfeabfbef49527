# By the ID of the organization, the type and the reference of the file, each percent-encoded.
terraform import guardai_organization_file.road_users 42/classmapping/5f3b9c

# By the ID of the organization and the name of the file, which must be unique within the organization.
terraform import guardai_organization_file.road_users 42/road-users.json
