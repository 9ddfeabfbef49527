import {
  to = guardai_organization_file.road_users
  id = "42/classmapping/5f3b9c"
}
