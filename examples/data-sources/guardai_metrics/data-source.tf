data "guardai_metrics" "custom" {}

output "disabled" {
  value = [for m in data.guardai_metrics.custom.metrics : m.name if m.enabled == false]
}
