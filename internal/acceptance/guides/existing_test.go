package guides

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const existingOrganizations = "existing-organizations.md"

// writes are the operations that change the platform.
var writes = []string{
	"add_organization", "update_organization", "delete_organization", "copy_organization",
	"upload_organization_file", "rename_organization_file", "delete_organization_file",
}

// The guide also works with a hundred more organizations, and changes none of them.
func TestHundredExistingOrganizations(t *testing.T) {
	t.Parallel()
	install := acceptance.Install(t)
	s := acceptance.NewSeededSandbox(t)
	addHundredOrganizations(s)
	before := s.Organizations()

	Run(t, install, Load(t, existingOrganizations), s)

	if got := s.Count(writes...); got != 0 {
		t.Errorf("%d requests would change something", got)
	}
	if after := s.Organizations(); !reflect.DeepEqual(before, after) {
		t.Error("the organizations aren't as they were")
	}
}

// addHundredOrganizations adds organizations with typical and unusual settings and files.
func addHundredOrganizations(s *acceptance.Sandbox) {
	for i := range 100 {
		settings := map[string]any{"maxItemCount": i, "disabledFeatures": []any{"EVALUATION"}, "retentionDays": 30}
		switch i % 3 {
		case 0:
			settings = nil
		case 1:
			settings["maxItemCount"], settings["disabledFeatures"] = -1, []any{"NEW_FEATURE"}
		}
		org := s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf(`Team "%d" ${x} %%{y} größer`, i/2), Settings: settings})
		file := sandbox.File{
			Ref: fmt.Sprintf("ref %d/+%%", i), Type: "classmapping", Name: "classes.csv", ContentType: "text/csv",
			Content: fmt.Appendf(nil, "source,target\r\n%d,\"${x} %%{y}\"\r\n", i),
		}
		if i%10 == 0 {
			file.Content = []byte{0, 255, byte(i)}
		}
		s.AddFile(org.ID, file)
	}
}
