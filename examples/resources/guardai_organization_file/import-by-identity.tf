import {
  to = guardai_organization_file.road_users
  identity = {
    organization_id = "42"
    type            = "classmapping"
    ref             = "5f3b9c"
  }
}
