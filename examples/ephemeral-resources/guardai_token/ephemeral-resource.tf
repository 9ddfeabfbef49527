ephemeral "guardai_token" "this" {}

# Pass the token to another program that calls the platform.
resource "terraform_data" "backup" {
  provisioner "local-exec" {
    command = "echo \"Authorization: Bearer $GUARDAI_TOKEN\" | curl --fail --silent --header @- --output organizations.json \"$GUARDAI_HOST/api/v1/organizations\""

    environment = {
      GUARDAI_TOKEN = ephemeral.guardai_token.this.token
    }
  }
}
