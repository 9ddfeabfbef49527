//go:build slow

package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Anyone can verify a release by building it.
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(".git"); err != nil {
		t.Skip("an archive of the source has no commit to build")
	}
	var builds [2]string
	for i, folder := range []string{"provider", "elsewhere/terraform-provider-guardai"} {
		clone := filepath.Join(t.TempDir(), folder)
		for _, command := range [][]string{{"git", "clone", "--quiet", ".", clone}, {"make", "--silent", "-C", clone, "build"}} {
			if output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil { //nolint:gosec // The commands are those above.
				t.Fatalf("%v: %v\n%s", command, err, output)
			}
		}
		builds[i] = read(t, filepath.Join(clone, "bin", "terraform-provider-guardai"))
	}
	if builds[0] != builds[1] {
		t.Error("two builds of one commit differ")
	}
}
