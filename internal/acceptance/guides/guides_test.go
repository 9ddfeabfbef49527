package guides

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// ownTests are guides that have a test of their own, for what must be on the
// platform before.
var ownTests = []string{existingOrganizations}

func TestGuides(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(Folder, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no guides: %v", err)
	}
	install := acceptance.Install(t)
	for _, file := range files {
		name := filepath.Base(file)
		if slices.Contains(ownTests, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guide := Load(t, name)
			Play(t, install, guide, guide.Sandbox(t))
		})
	}
}
