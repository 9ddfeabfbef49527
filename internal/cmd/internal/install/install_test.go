package install

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// newModule is a repository with one program that says where its source is, and one
// that is broken.
func newModule(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example.com/program\n\ngo 1.24\n",
		"say/main.go":      "package main\n\nimport \"runtime\"\n\nfunc main() {\n\t_, file, _, _ := runtime.Caller(0)\n\tprint(file)\n}\n",
		"broken/broken.go": "package main\n\nfunc main() { missing() }\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestBuild(t *testing.T) {
	t.Parallel()
	root := newModule(t)
	for name, test := range map[string]struct {
		build func(ctx context.Context, root, pkg, out string, stderr io.Writer) error
		says  string
	}{
		"as it is": {Build, filepath.ToSlash(filepath.Join(root, "say", "main.go"))},
		"stripped": {BuildStripped, "example.com/program/say/main.go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "new", run.Executable("say"))
			var told bytes.Buffer
			if err := test.build(t.Context(), root, "./say", out, &told); err != nil {
				t.Fatalf("%v\n%s", err, &told)
			}
			said, err := exec.CommandContext(t.Context(), out).CombinedOutput() //nolint:gosec // It was built just now.
			if err != nil || string(said) != test.says {
				t.Errorf("the program says %q, want %q: %v", said, test.says, err)
			}
			left, err := os.ReadDir(filepath.Dir(out))
			if err != nil || len(left) != 1 {
				t.Errorf("beside the program there is more: %v, %v", left, err)
			}
		})
	}
}

func TestBuildTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	err := Build(t.Context(), newModule(t), "./broken", filepath.Join(t.TempDir(), "broken"), &told)
	if err == nil || !strings.Contains(err.Error(), "./broken") || !strings.Contains(told.String(), "missing") {
		t.Errorf("got %v, and go tells: %s", err, &told)
	}
}

func TestWriteOverride(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cli.tfrc")
	for mirror, method := range map[string]string{
		"":                 "  direct {}\n",
		`/a "good" mirror`: "  filesystem_mirror {\n    path = \"/a \\\"good\\\" mirror\"\n  }\n",
	} {
		if err := WriteOverride(file, "/pro vider", mirror); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file) //nolint:gosec // The test names the file.
		want := "provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = \"/pro vider\"\n  }\n" + method + "}\n"
		if err != nil || string(got) != want {
			t.Errorf("mirror %q: got\n%s\nwant\n%s\n%v", mirror, got, want, err)
		}
	}
}
