resource "guardai_organization" "this" {
  name               = var.name
  disabled_features  = var.disabled_features
  max_item_count     = var.max_item_count
  max_time_allocated = var.max_time_allocated
  max_time_per_task  = var.max_time_per_task
  force_destroy      = var.force_destroy
}

# Only the keys, because the CLI evaluates for_each several times for each instance.
resource "guardai_organization_file" "this" {
  for_each = toset(keys(var.files))

  organization_id = guardai_organization.this.id
  name            = coalesce(var.files[each.key].name, each.key)
  source          = var.files[each.key].source
  content         = var.files[each.key].content
  dataset_id      = var.files[each.key].dataset_id
  verify_content  = var.files[each.key].verify_content
  force_destroy   = var.files[each.key].force_destroy
}

# In lower case, so that another spelling of an address is no change: it would remove the member that it has just added.
resource "guardai_organization_member" "this" {
  for_each = toset([for email in var.members : lower(email)])

  organization_id = guardai_organization.this.id
  email           = each.key
}
