terraform {
  # The lock file of the S3 backend requires OpenTofu 1.10, Terraform 1.11, or Terraform 1.10, where it is experimental.
  required_version = ">= 1.10"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}
