terraform {
  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = "~> 0.1"
    }
  }
}

# The API key comes from GUARDAI_API_KEY_ID and GUARDAI_API_KEY.
provider "guardai" {
  host = "https://guardai.navinfo.cloud"
}
