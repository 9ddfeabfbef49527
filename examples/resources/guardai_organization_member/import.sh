# By the IDs of the organization and the user.
terraform import guardai_organization_member.mei 42/7

# By the ID of the organization and the email address of the user.
terraform import guardai_organization_member.mei 42/mei.tanaka@example.com
