# State in one place that everybody shares, with a lock so that two runs can't overwrite each other's. It holds
# the content of files that the configuration gives inline: let only those read the bucket who may see that, and
# keep its old versions.
terraform {
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "guardai/production.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
