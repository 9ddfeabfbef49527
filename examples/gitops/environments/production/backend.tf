# The state, with a lock that prevents concurrent runs. The state contains the inline content of files: restrict access to
# the bucket, and enable versioning.
terraform {
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "guardai/production.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
