package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/install"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// workspace is a temporary folder with the programs that are measured.
type workspace struct {
	dir string
	// cli is the path of the CLI, and cliConfig that of a configuration which makes
	// the CLI take the provider that was just built.
	cli, cliConfig string
	// provider, idle and empty are the paths of the provider, of one whose resource
	// does nothing, and of one that offers nothing.
	provider, idle, empty string
	// idleConfig makes the CLI take the idle provider instead.
	idleConfig string
}

func newWorkspace(ctx context.Context, stderr io.Writer) (*workspace, error) {
	root, err := tool.Root()
	if err != nil {
		return nil, err
	}
	path, err := cli.Resolve(ctx, stderr)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "guardai-bench-")
	if err != nil {
		return nil, err
	}
	w := &workspace{
		dir: dir, cli: path, cliConfig: filepath.Join(dir, "cli.tfrc"),
		provider:   install.Provider(dir),
		idle:       install.Provider(filepath.Join(dir, "idle")),
		empty:      filepath.Join(dir, "empty", run.Executable("terraform-provider-empty")),
		idleConfig: filepath.Join(dir, "idle.tfrc"),
	}
	if err := w.fill(ctx, root, stderr); err != nil {
		return nil, errors.Join(err, w.remove())
	}
	return w, nil
}

func (w *workspace) fill(ctx context.Context, root string, stderr io.Writer) error {
	fmt.Fprintln(stderr, "Building the provider.")
	for _, program := range []struct{ pkg, out string }{
		{".", w.provider}, {"./internal/cmd/bench/idleprovider", w.idle}, {"./internal/cmd/bench/emptyprovider", w.empty},
	} {
		if err := install.BuildStripped(ctx, root, program.pkg, program.out, stderr); err != nil {
			return err
		}
	}
	if err := install.WriteOverride(w.idleConfig, filepath.Dir(w.idle), ""); err != nil {
		return err
	}
	return install.WriteOverride(w.cliConfig, filepath.Dir(w.provider), "")
}

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

// folder is a folder with a configuration in it.
type folder struct {
	workspace *workspace
	dir       string
	// environ is added to the environment of the CLI.
	environ []string
}

// newFolder makes an empty folder whose configuration is for a platform.
func (w *workspace) newFolder(url string) (*folder, error) {
	dir, err := os.MkdirTemp(w.dir, "configuration-")
	if err != nil {
		return nil, err
	}
	return &folder{workspace: w, dir: dir, environ: []string{
		"TF_CLI_CONFIG_FILE=" + w.cliConfig,
		"GUARDAI_HOST=" + url, "GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID, "GUARDAI_API_KEY=" + sandbox.AdminKey,
	}}, nil
}

func (f *folder) remove() error { return os.RemoveAll(f.dir) }

func (f *folder) write(name, content string) error {
	return os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o600)
}

func (f *folder) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(f.dir, name)) //nolint:gosec // The folder and the name are this program's own.
}

// terraform runs a command of the CLI, which must succeed, and returns how long it
// took.
func (f *folder) terraform(ctx context.Context, args ...string) (time.Duration, error) {
	command := run.Command(ctx, f.workspace.cli, args...)
	command.Dir = f.dir
	command.Env = append(append(cli.CleanEnviron(), "TF_CLI_ARGS=-no-color"), f.environ...)
	return timed(command)
}

// apply applies the configuration.
func (f *folder) apply(ctx context.Context) (time.Duration, error) {
	return f.terraform(ctx, "apply", "-auto-approve")
}

// plan makes a plan that must find nothing to do: with -detailed-exitcode a CLI
// ends with 2 where there is something.
func (f *folder) plan(ctx context.Context) (time.Duration, error) {
	return f.terraform(ctx, "plan", "-detailed-exitcode")
}

// shownOutput is how much of what a command wrote is shown if it fails, in bytes.
const shownOutput = 4 << 10

// timed runs a command, which must succeed, and returns how long it took.
func timed(command *exec.Cmd) (time.Duration, error) {
	began := time.Now()
	output, err := command.CombinedOutput()
	took := time.Since(began)
	run.Sweep(command)
	if err != nil {
		shown := output[max(0, len(output)-shownOutput):]
		return 0, fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, shown)
	}
	return took, nil
}
