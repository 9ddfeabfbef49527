# By the organization's id, the file's type and its reference, each path-escaped.
terraform import guardai_organization_file.road_users 42/classmapping/5f3b9c

# By the organization's id and the file's name, which must be unique within the organization.
terraform import guardai_organization_file.road_users 42/road-users.json
