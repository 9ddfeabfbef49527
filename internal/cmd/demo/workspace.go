package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
)

// workspace is a temporary folder with the programs that the demo runs, and a copy
// of the configuration that it runs them on.
type workspace struct {
	dir string
	// cli is the path of the CLI, and cliConfig that of a configuration which makes
	// the CLI take the provider that was just built.
	cli, cliConfig string
	// quickstart is the folder with the copy of examples/quickstart.
	quickstart string
	// sandbox is the path of the sandbox's program.
	sandbox string
}

func newWorkspace(ctx context.Context, stderr io.Writer) (_ *workspace, err error) {
	root, err := tool.Root()
	if err != nil {
		return nil, err
	}
	path, err := cli.Resolve(ctx, stderr)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "guardai-demo-")
	if err != nil {
		return nil, err
	}
	w := &workspace{
		dir: dir, cli: path, cliConfig: filepath.Join(dir, "cli.tfrc"),
		quickstart: filepath.Join(dir, "quickstart"), sandbox: filepath.Join(dir, run.Executable("sandbox")),
	}
	if err := w.fill(ctx, root, stderr); err != nil {
		_ = w.remove()
		return nil, err
	}
	return w, nil
}

func (w *workspace) fill(ctx context.Context, root string, stderr io.Writer) error {
	fmt.Fprintln(stderr, "Building the provider and the sandbox.")
	provider := filepath.Join(w.dir, "provider", run.Executable("terraform-provider-guardai"))
	if err := w.build(ctx, root, ".", provider, stderr); err != nil {
		return err
	}
	if err := w.build(ctx, root, "./internal/cmd/sandbox", w.sandbox, stderr); err != nil {
		return err
	}
	config := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(provider))
	if err := os.WriteFile(w.cliConfig, []byte(config), 0o600); err != nil {
		return err
	}
	return os.CopyFS(w.quickstart, os.DirFS(filepath.Join(root, "examples", "quickstart")))
}

// build builds a package of the repository. A go command that is interrupted may
// leave its intermediate files, so they are in the workspace too.
func (w *workspace) build(ctx context.Context, root, pkg, out string, stderr io.Writer) error {
	command := run.Command(ctx, "go", "build", "-o", out, pkg)
	command.Dir, command.Stdout, command.Stderr = root, stderr, stderr
	command.Env = append(os.Environ(), "GOTMPDIR="+w.dir)
	err := command.Run()
	run.Sweep(command)
	if err != nil {
		return fmt.Errorf("building %s: %w", pkg, err)
	}
	return nil
}

func (w *workspace) remove() error {
	return os.RemoveAll(w.dir)
}
