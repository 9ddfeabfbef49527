terraform {
  required_version = ">= 1.5"

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = ">= 0.1"
    }
  }
}
