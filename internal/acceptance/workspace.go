package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// Workspace is a folder in which a test runs CLI commands that terraform-plugin-testing has no step for.
type Workspace struct{ *cli.Folder }

// Output is the output and exit code of a CLI command.
type Output = cli.Output

// NewWorkspace returns a new workspace with the given files, served by a provider in this process.
func NewWorkspace(t *testing.T, files map[string]string) *Workspace {
	t.Helper()
	reattach, stop, err := cli.Serve(provider.NewServer(Version), tf6server.WithLoggingSink(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return newWorkspace(t, files, reattach)
}

// NewWorkspaceFor is NewWorkspace with a provider that runs in a process of its own.
func NewWorkspaceFor(t testing.TB, binary *cli.Provider, files map[string]string) *Workspace {
	t.Helper()
	return newWorkspace(t, files, binary.Reattach)
}

func newWorkspace(t testing.TB, files map[string]string, settings ...string) *Workspace {
	t.Helper()
	folder := &cli.Folder{Dir: t.TempDir(), CLI: CLIPath(t), Env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull,
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color")}
	w := &Workspace{folder.WithEnv(settings...)}
	for name, content := range files {
		w.Write(t, name, content)
	}
	return w
}

// Write writes a file.
func (w *Workspace) Write(t testing.TB, name, content string) {
	t.Helper()
	if err := w.Folder.Write(name, content); err != nil {
		t.Fatal(err)
	}
}

// Read returns the content of a file.
func (w *Workspace) Read(t testing.TB, name string) string {
	t.Helper()
	content, err := w.Folder.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Replace replaces a string that must occur exactly once in the file.
func (w *Workspace) Replace(t testing.TB, name, old, by string) {
	t.Helper()
	if err := w.Folder.Replace(name, old, by); err != nil {
		t.Fatal(err)
	}
}

// Remove removes the files that match a glob pattern.
func (w *Workspace) Remove(t testing.TB, pattern string) {
	t.Helper()
	files, err := filepath.Glob(w.Path(pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

// Run runs a CLI command, whatever its exit code.
func (w *Workspace) Run(t testing.TB, args ...string) Output {
	t.Helper()
	output, err := w.Folder.Run(t.Context(), args...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// MustRun is Run for a command that must exit with 0.
func (w *Workspace) MustRun(t testing.TB, args ...string) Output {
	t.Helper()
	return w.RunTo(t, 0, args...)
}

// RunTo is Run for a command that must exit with the given code.
func (w *Workspace) RunTo(t testing.TB, exitCode int, args ...string) Output {
	t.Helper()
	output := w.Run(t, args...)
	if output.ExitCode != exitCode {
		t.Fatalf("%s ended with %d, want %d:\n%s", strings.Join(args, " "), output.ExitCode, exitCode, output.Text())
	}
	return output
}

// MustContain fails the test unless a CLI's output, with normalized white space, contains a text.
func MustContain(t testing.TB, output, want string) {
	t.Helper()
	if !strings.Contains(strings.Join(cli.Lines(output), " "), want) {
		t.Errorf("%q is missing in:\n%s", want, output)
	}
}
