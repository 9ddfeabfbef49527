package organizationfile_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// An update of an organization and thirty concurrent uploads to it don't overwrite each other.
func TestManyFilesAlongsideAnUpdate(t *testing.T) {
	const files = 30
	s := acceptance.NewSandbox(t)
	config := func(items int, content string) string {
		return s.Provider() + fmt.Sprintf(`
resource "guardai_organization" "test" {
  name           = "org"
  max_item_count = %d
}
resource "guardai_organization_file" "test" {
  count           = %d
  organization_id = guardai_organization.test.id
  name            = "${count.index}.csv"
  content         = "${count.index} %s"
}
`, items, files, content)
	}
	complete := func(items int) resource.TestCheckFunc {
		return func(*terraform.State) error {
			for _, org := range s.Organizations() {
				entries, _ := org.Settings["classMappingFiles"].([]any)
				if len(entries) != files || fmt.Sprint(org.Settings["maxItemCount"]) != fmt.Sprint(items) {
					return fmt.Errorf("got %d files and %v items, want %d and %d", len(entries), org.Settings["maxItemCount"], files, items)
				}
			}
			return nil
		}
	}
	acceptance.Run(t,
		resource.TestStep{Config: config(1, "first"), Check: complete(1)},
		resource.TestStep{Config: config(2, "second"), Check: complete(2)},
	)
}
