terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}

variable "organizations" {
  type = number
}

resource "guardai_organization" "team" {
  count = var.organizations
  name  = "team ${count.index}"
}

resource "guardai_organization_file" "classes" {
  count           = var.organizations
  organization_id = guardai_organization.team[count.index].id
  name            = "classes.csv"
  content         = "id,class\n${count.index},car\n"
}

resource "guardai_organization_member" "tom" {
  count           = var.organizations
  organization_id = guardai_organization.team[count.index].id
  email           = "tom.ferreira@example.com"
}
