package tool

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// repository makes a folder that looks like this repository, pinning one small
// tool, the working folder, and gives it an empty cache.
func repository(t *testing.T) {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"terraform-registry-manifest.json":        "{}",
		"internal/tools/hello/go.mod":             "module example.com/tools\n\ngo 1.26.0\n\ntool example.com/hello/cmd/hi\n\nrequire example.com/hello v1.2.3\n\nreplace example.com/hello => ./src\n",
		"internal/tools/hello/src/go.mod":         "module example.com/hello\n\ngo 1.26.0\n",
		"internal/tools/hello/src/cmd/hi/main.go": "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"hello\") }\n",
		"internal/tools/empty/go.mod":             "module example.com/empty\n\ngo 1.26.0\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(root, "internal", "tools"))
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Compiled packages need not be built anew, and Go keeps them in XDG_CACHE_HOME too.
	t.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(root, "cache"))
}

func TestPathBuildsOnce(t *testing.T) {
	repository(t)
	var first, second bytes.Buffer
	path, err := Path(t.Context(), "hello", &first)
	if err != nil {
		t.Fatalf("%v\n%s", err, first.String())
	}
	want := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "terraform-provider-guardai", "hello", "v1.2.3", run.Executable("hi"))
	if path != want {
		t.Errorf("path = %q, want %q", path, want)
	}
	if !strings.Contains(first.String(), "Building hello v1.2.3") {
		t.Errorf("the build wasn't announced: %q", first.String())
	}
	output, err := exec.CommandContext(t.Context(), path).Output() //nolint:gosec // It is the program that was built above.
	if err != nil || string(output) != "hello" {
		t.Errorf("the tool wrote %q, %v", output, err)
	}
	again, err := Path(t.Context(), "hello", &second)
	if err != nil || again != path || second.Len() != 0 {
		t.Errorf("the second time: %q, %v, and on stderr: %q", again, err, second.String())
	}
}

func TestPathReplacesABrokenTool(t *testing.T) {
	repository(t)
	path, err := Path(t.Context(), "hello", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("broken off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Path(t.Context(), "hello", io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := exec.CommandContext(t.Context(), path).Run(); err != nil { //nolint:gosec // It is the program that was built above.
		t.Errorf("the broken tool wasn't replaced: %v", err)
	}
}

func TestPathManyAtOnce(t *testing.T) {
	repository(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			path, err := Path(t.Context(), "hello", io.Discard)
			if err != nil {
				t.Error(err)
				return
			}
			if err := exec.CommandContext(t.Context(), path).Run(); err != nil { //nolint:gosec // It is the program that was built above.
				t.Error(err)
			}
		})
	}
	group.Wait()
	entries, err := os.ReadDir(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "terraform-provider-guardai", "hello", "v1.2.3"))
	if err != nil || len(entries) != 1 {
		t.Errorf("the cache holds %v, %v; want the tool alone", entries, err)
	}
}

func TestPathErrors(t *testing.T) {
	repository(t)
	for name, want := range map[string]string{"missing": "no module pins", "empty": "which empty is pinned"} {
		if _, err := Path(t.Context(), name, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Path(%q): %v; want an error with %q", name, err, want)
		}
	}
	t.Chdir(t.TempDir())
	if _, err := Path(t.Context(), "hello", io.Discard); err == nil || !strings.Contains(err.Error(), "inside a checkout") {
		t.Errorf("outside of a checkout: %v", err)
	}
}

func TestProgramIsNamedAsGoBuildNamesIt(t *testing.T) {
	t.Parallel()
	for pkg, want := range map[string]string{
		"example.com/hello/cmd/hi": "hi", "example.com/hello/v2": "hello", "example.com/hello/v2/cmd/v2ray": "v2ray",
	} {
		if got := program(pkg); got != want {
			t.Errorf("program(%q) = %q, want %q", pkg, got, want)
		}
	}
}
