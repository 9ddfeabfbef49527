package organizationfile_test

import (
	"fmt"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// An update of an organization and thirty concurrent uploads to it don't overwrite each other.
func TestManyFilesAlongsideAnUpdate(t *testing.T) {
	t.Parallel()
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
	w := newWorkspace(t, config(1, "first"))
	for i, content := range []string{"first", "second"} {
		items := i + 1
		w.Write(t, "main.tf", config(items, content))
		w.MustRun(t, "apply", "-auto-approve")
		org := s.MustOrganization(t, 1)
		if entries, _ := org.Settings["classMappingFiles"].([]any); len(entries) != files || fmt.Sprint(org.Settings["maxItemCount"]) != fmt.Sprint(items) {
			t.Errorf("got %d files and %v items, want %d and %d", len(entries), org.Settings["maxItemCount"], files, items)
		}
	}
}
