package guides

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// separatelyTested are guides with their own test, which prepares the platform.
var separatelyTested = []string{existingOrganizations, runningInCI}

func TestGuides(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(Folder, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no guides: %v", err)
	}
	install := acceptance.Install(t)
	for _, file := range files {
		name := filepath.Base(file)
		if slices.Contains(separatelyTested, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guide := Load(t, name)
			Run(t, install, guide, guide.Sandbox(t))
		})
	}
}
