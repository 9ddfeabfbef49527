terraform {
  # The lock file of the S3 backend requires Terraform 1.11 or OpenTofu 1.10.
  required_version = ">= 1.10"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}
