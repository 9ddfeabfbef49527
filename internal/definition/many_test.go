package definition_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Many definitions take one list each time, and the data sources show new ones in the same run.
func TestManyDefinitions(t *testing.T) {
	p := newPlatform(t, sandbox.Transform)
	config := fmt.Sprintf(`%s
resource "guardai_transform" "many" {
  count           = 8
  organization_id = "%[2]d"
  name            = "transform ${count.index}"
  content         = "code ${count.index}"
}
resource "guardai_metric" "many" {
  count           = 8
  organization_id = "%[2]d"
  name            = "metric ${count.index}"
  content         = "code ${count.index}"
}
data "guardai_organization_transforms" "all" {
  organization_id = "%[2]d"
  depends_on      = [guardai_transform.many]
}
data "guardai_metrics" "all" {
  depends_on = [guardai_metric.many]
}
output "transforms" {
  value = length([for t in data.guardai_organization_transforms.all.transforms : t if startswith(t.name, "transform ")])
}
output "metrics" {
  value = length(data.guardai_metrics.all.metrics)
}
`, p.Provider(), p.organization)
	forget := func(*terraform.State) error { p.ClearRequests(); return nil }
	acceptance.Run(t,
		resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
			resource.TestCheckOutput("transforms", "8"), resource.TestCheckOutput("metrics", "8"), forget)},
		resource.TestStep{Config: config, PlanOnly: true},
	)
	// Each run of the provider logs in once and lists transforms once, and the data source lists metrics once more.
	runs := p.Count("login")
	for operation, most := range map[string]int{"get_transform": 0, "get_metric": 0, "get_transforms": runs, "get_metrics": 2 * runs} {
		if n := p.Count(operation); n > most {
			t.Errorf("%d calls of %s in %d runs, at most %d expected", n, operation, runs, most)
		}
	}
}
