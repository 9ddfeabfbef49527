ephemeral "guardai_token" "this" {}

# Another program that calls the platform gets the token through its environment.
resource "terraform_data" "backup" {
  provisioner "local-exec" {
    command = "echo \"Authorization: Bearer $GUARDAI_TOKEN\" | curl --fail --silent --header @- --output organizations.json \"$GUARDAI_HOST/api/v1/organizations\""

    environment = {
      GUARDAI_TOKEN = ephemeral.guardai_token.this.token
    }
  }
}
