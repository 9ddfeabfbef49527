package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// newFakeRepository changes to a folder that looks like this repository, with a small program in place of OpenTofu and
// an empty cache.
func newFakeRepository(t *testing.T) {
	t.Helper()
	root := &Folder{Dir: t.TempDir()}
	for name, content := range map[string]string{
		"terraform-registry-manifest.json":             "{}",
		"internal/tools/opentofu/go.mod":               "module example.com/tools\n\ngo 1.26.0\n\ntool github.com/opentofu/opentofu/cmd/tofu\n\nrequire github.com/opentofu/opentofu v1.2.3\n\nreplace github.com/opentofu/opentofu => ./src\n",
		"internal/tools/opentofu/src/go.mod":           "module github.com/opentofu/opentofu\n\ngo 1.26.0\n",
		"internal/tools/opentofu/src/cmd/tofu/main.go": "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"hello\") }\n",
		"broken/go.mod":                                "module example.com/broken\n\ngo 1.26.0\n",
		"broken/broken.go":                             "package main\n\nfunc main() { missing() }\n",
	} {
		if err := root.Write(name, content); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root.Path("internal/tools"))
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Reuse Go's build cache, which is in XDG_CACHE_HOME by default.
	t.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	t.Setenv("XDG_CACHE_HOME", root.Path("cache"))
}

func TestOpenTofuIsBuiltOnce(t *testing.T) {
	newFakeRepository(t)
	var first, second bytes.Buffer
	path, err := OpenTofu(t.Context(), &first)
	if err != nil {
		t.Fatalf("%v\n%s", err, &first)
	}
	want := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "terraform-provider-guardai", "opentofu", "v1.2.3", Executable("tofu"))
	if path != want || !strings.Contains(first.String(), "Building OpenTofu v1.2.3") {
		t.Errorf("path = %q, want %q; announced: %q", path, want, &first)
	}
	if output, err := RequireSuccess(Command(t.Context(), path)); err != nil || output.Stdout != "hello" {
		t.Errorf("it wrote %q, %v", output.Stdout, err)
	}
	again, err := OpenTofu(t.Context(), &second)
	if err != nil || again != path || second.Len() != 0 {
		t.Errorf("the second time: %q, %v, and on stderr: %q", again, err, &second)
	}
}

func TestOpenTofuIsBuiltConcurrently(t *testing.T) {
	newFakeRepository(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			path, err := OpenTofu(t.Context(), io.Discard)
			if err == nil {
				_, err = RequireSuccess(Command(t.Context(), path))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	entries, err := os.ReadDir(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "terraform-provider-guardai", "opentofu", "v1.2.3"))
	if err != nil || len(entries) != 1 {
		t.Errorf("the cache holds %v, %v; want OpenTofu alone", entries, err)
	}
}

func TestBuildReportsCompilerErrors(t *testing.T) {
	newFakeRepository(t)
	dir := t.TempDir()
	var stderr bytes.Buffer
	err := Build(t.Context(), filepath.Join("..", "..", "broken"), ".", filepath.Join(dir, "broken"), &stderr)
	if err == nil || !strings.Contains(stderr.String(), "missing") {
		t.Errorf("got %v, and go writes: %s", err, &stderr)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

func TestOpenTofuOutsideCheckout(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := OpenTofu(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "inside a checkout") {
		t.Errorf("got %v", err)
	}
}
