// Package repository tests what isn't code: the prose and links of pages, the release's configuration and workflows.
package repository

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests name files relative to the root of the repository.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// The guide contains the configuration that make kill uses.
func TestGuideShowsOrphansConfiguration(t *testing.T) {
	t.Parallel()
	if !strings.Contains(read(t, "templates/guides/troubleshooting.md"), "```terraform\n"+read(t, "internal/cmd/kill/orphans.tf")+"```\n") {
		t.Error("the guide doesn't show orphans.tf as it is")
	}
}

// The example contains a copy of the module, so it works without the rest of the repository.
func TestModuleCopyIsCurrent(t *testing.T) {
	t.Parallel()
	var contents [2]string
	for i, pattern := range []string{"examples/modules/organization/*.tf", "examples/gitops/modules/organization/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", pattern, err)
		}
		for _, file := range files {
			contents[i] += filepath.Base(file) + "\n" + read(t, file)
		}
	}
	if contents[0] != contents[1] {
		t.Error("the copy differs: run make generate")
	}
}
