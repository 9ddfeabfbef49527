package export_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// program is the path of the provider's binary, which TestMain builds.
var program string

func TestMain(m *testing.M) {
	os.Exit(withProgram(m.Run))
}

func withProgram(run func() int) int {
	dir, err := os.MkdirTemp("", "export-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "terraform-provider-guardai")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", program, "github.com/guardai/terraform-provider-guardai") //nolint:gosec // The test names the path.
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return run()
}

// fixture is a sandbox and an output folder.
type fixture struct {
	*acceptance.Sandbox
	out     string
	environ []string
	// git is a folder with a program git.
	git string
}

func newFixture(t testing.TB, change ...func(*sandbox.Config)) *fixture {
	t.Helper()
	s := acceptance.NewSandbox(t, change...)
	b := &fixture{Sandbox: s, out: filepath.Join(t.TempDir(), "platform"), git: t.TempDir()}
	git, err := exec.LookPath("git")
	if err == nil {
		err = os.Symlink(git, filepath.Join(b.git, "git"))
	}
	if err != nil {
		t.Fatal(err)
	}
	// -verify uses the first CLI on the PATH.
	bin := t.TempDir()
	if err := os.Symlink(acceptance.CLIPath(t), filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	b.environ = []string{
		b.path(bin), "HOME=" + t.TempDir(), "CHECKPOINT_DISABLE=1",
		"GUARDAI_HOST=" + s.URL, "GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID, "GUARDAI_API_KEY=" + sandbox.AdminKey,
	}
	return b
}

// path returns the variable PATH for these folders and git.
func (b *fixture) path(folders ...string) string {
	return "PATH=" + strings.Join(append(folders, b.git), string(os.PathListSeparator))
}

func seeded(cfg *sandbox.Config) { cfg.Seed = true }

// lenient lets the sandbox violate its contract.
func lenient(cfg *sandbox.Config) { cfg.Middleware = nil }

// useCLI makes -verify use a shell script as the CLI.
func (b *fixture) useCLI(t testing.TB, script string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "terraform"), []byte("#!/bin/sh\n"+script), 0o700); err != nil { //nolint:gosec // A program must be executable.
		t.Fatal(err)
	}
	b.environ = append(b.environ, b.path(bin))
}

// asUser runs the exports without administrator rights.
func (b *fixture) asUser() {
	b.environ = append(b.environ, "GUARDAI_API_KEY_ID="+sandbox.UserKeyID, "GUARDAI_API_KEY="+sandbox.UserKey)
}

// outcome is the result of a command.
type outcome struct {
	stdout, stderr string
	exitCode       int
}

func (b *fixture) command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, append([]string{"export", "-out", b.out}, args...)...) //nolint:gosec // TestMain built it.
	command.Dir, command.Env = t.TempDir(), b.environ
	return command
}

func (b *fixture) export(t testing.TB, args ...string) outcome {
	t.Helper()
	command := b.command(t, args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// mustExport runs an export that must succeed, and returns its output.
func (b *fixture) mustExport(t testing.TB, args ...string) string {
	t.Helper()
	result := b.export(t, args...)
	if result.exitCode != 0 {
		t.Fatalf("export %s ended with %d:\n%s%s", strings.Join(args, " "), result.exitCode, result.stdout, result.stderr)
	}
	return result.stdout
}

// mustFail runs an export that must fail with an exit code and a message, and must leave nothing.
func (b *fixture) mustFail(t testing.TB, exitCode int, message string, args ...string) {
	t.Helper()
	before := b.names(t)
	result := b.export(t, args...)
	if result.exitCode != exitCode {
		t.Fatalf("export %s ended with %d, not %d:\n%s%s", strings.Join(args, " "), result.exitCode, exitCode, result.stdout, result.stderr)
	}
	mustContain(t, result.stderr, message)
	if strings.Contains(result.stderr+"\n", "..\n") || strings.Contains(result.stderr, "\033") {
		t.Errorf("the message doesn't end in one full stop, or contains an escape sequence:\n%s", result.stderr)
	}
	if after := b.names(t); !slices.Equal(before, after) {
		t.Errorf("export %s left %q, and before there was %q", strings.Join(args, " "), after, before)
	}
}

// names returns everything in the output folder and next to it.
func (b *fixture) names(t testing.TB) (names []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(b.out), func(name string, _ os.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func mustContain(t testing.TB, text string, want ...string) {
	t.Helper()
	for _, part := range want {
		if !strings.Contains(text, part) {
			t.Errorf("%q isn't in:\n%s", part, text)
		}
	}
}

// read returns an exported file, or an empty string if it doesn't exist.
func (b *fixture) read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.out, name)) //nolint:gosec // The test names the file.
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// tree returns all exported files by path.
func (b *fixture) tree(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(b.out, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(b.out, name)
		files[filepath.ToSlash(relative)] = b.read(t, relative)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// mustBeFormatted checks that the CLI's fmt changes nothing.
func (b *fixture) mustBeFormatted(t testing.TB) {
	t.Helper()
	command := exec.CommandContext(t.Context(), acceptance.CLIPath(t), "fmt", "-check", "-diff", "-recursive", b.out) //nolint:gosec // The test chooses the CLI.
	command.Env = b.environ
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("the export isn't formatted: %v\n%s", err, output)
	}
}
