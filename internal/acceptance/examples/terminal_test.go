// Package examples_test runs the examples as a user would, with a real CLI
// that installs the provider, against a sandbox.
package examples_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// examples is the folder of the examples.
var examples = filepath.Join("..", "..", "..", "examples")

// TestExamples is one test, so that the provider is built only once.
func TestExamples(t *testing.T) {
	t.Parallel()
	install := acceptance.Install(t)
	for name, test := range map[string]func(*testing.T, *acceptance.Installation){
		"components":             testComponents,
		"queries":                testQueries,
		"imports":                testImports,
		"tests of the module":    testModuleTests,
		"organizations by YAML":  testComplete,
		"import into the module": testModuleImport,
		"pull request to drift":  testGitOps,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, install)
		})
	}
}

// terminal is a folder in which commands run, with what was exported.
type terminal struct {
	dir     string
	environ []string
}

// newTerminal opens a terminal in a new folder, with an administrator's credentials
// for a sandbox.
func newTerminal(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox) *terminal {
	t.Helper()
	return &terminal{dir: t.TempDir(), environ: append(install.Environ(t.TempDir()),
		"GUARDAI_HOST="+s.URL, "GUARDAI_API_KEY_ID="+sandbox.AdminKeyID, "GUARDAI_API_KEY="+sandbox.AdminKey)}
}

// in is the same terminal in a folder below.
func (c *terminal) in(folder string) *terminal {
	return &terminal{dir: filepath.Join(c.dir, filepath.FromSlash(folder)), environ: c.environ}
}

// with is the same terminal with more variables.
func (c *terminal) with(variables ...string) *terminal {
	return &terminal{dir: c.dir, environ: append(append([]string{}, c.environ...), variables...)}
}

// copyExample copies a folder of the examples into a folder of the terminal's.
func (c *terminal) copyExample(t *testing.T, name, to string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(c.dir, to), os.DirFS(filepath.Join(examples, name))); err != nil {
		t.Fatal(err)
	}
}

func (c *terminal) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, filepath.FromSlash(name)), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c *terminal) read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// replace changes a text that a file holds once.
func (c *terminal) replace(t *testing.T, name, old, by string) {
	t.Helper()
	content := c.read(t, name)
	if n := strings.Count(content, old); n != 1 {
		t.Fatalf("%s holds %q %d times, not once", name, old, n)
	}
	c.write(t, name, strings.Replace(content, old, by, 1))
}

// run runs a command, which must end with an exit code, and returns what it wrote.
func (c *terminal) run(t *testing.T, exitCode int, name string, args ...string) string {
	t.Helper()
	var wrote bytes.Buffer
	command := exec.CommandContext(t.Context(), "/usr/bin/env", append([]string{name}, args...)...) //nolint:gosec // The test names the command; env finds it on the terminal's PATH.
	command.Dir, command.Env, command.Stdout, command.Stderr = c.dir, c.environ, &wrote, &wrote
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != exitCode {
		t.Fatalf("%s %s ended with %d, want %d:\n%s", name, strings.Join(args, " "), got, exitCode, &wrote)
	}
	return wrote.String()
}

// terraform runs a command of the CLI that must succeed.
func (c *terminal) terraform(t *testing.T, args ...string) string {
	t.Helper()
	return c.run(t, 0, "terraform", args...)
}

func mustContain(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(strings.Join(strings.Fields(text), " "), part) {
		t.Errorf("%q is missing in:\n%s", part, text)
	}
}
