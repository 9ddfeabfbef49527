package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// A folder with other content, or a state of another form, isn't changed.
func TestForeignFoldersAreRejected(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"main.tf", "terraform.tfstate", ".git", "state.json"} {
		dir := t.TempDir()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("theirs"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sandbox.New(sandbox.Config{StateDir: dir, Seed: true}); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), name) {
			t.Errorf("the error is %v, want it to name the folder and %s", err, name)
		}
		raw, err := os.ReadFile(file) //nolint:gosec // It is in the test's own folder.
		entries, _ := os.ReadDir(dir)
		if err != nil || string(raw) != "theirs" || len(entries) != 1 {
			t.Errorf("the folder was changed to %v, %s to %q: %v", entries, name, raw, err)
		}
	}
}
