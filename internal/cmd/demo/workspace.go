package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/install"
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
	provider := install.Provider(w.dir)
	if err := install.Build(ctx, root, ".", provider, stderr); err != nil {
		return err
	}
	if err := install.Build(ctx, root, "./internal/cmd/sandbox", w.sandbox, stderr); err != nil {
		return err
	}
	if err := install.WriteOverride(w.cliConfig, filepath.Dir(provider), ""); err != nil {
		return err
	}
	return os.CopyFS(w.quickstart, os.DirFS(filepath.Join(root, "examples", "quickstart")))
}

func (w *workspace) remove() error {
	return os.RemoveAll(w.dir)
}
