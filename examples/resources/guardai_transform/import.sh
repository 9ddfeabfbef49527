# By the IDs of the organization and the transform.
terraform import guardai_transform.fog 42/1001

# By the ID of the organization and the name of the transform, if only one has that name.
terraform import guardai_transform.fog 42/fog
