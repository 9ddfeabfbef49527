package matrix

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/install"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
)

// Programs are the CLI and the provider that the matrix runs.
type Programs struct {
	cli string
	// config makes the CLI take the provider that was built.
	config string
}

// Build builds the provider into a folder, for the CLI that is chosen by name or
// path. Where none is, it is the one that the environment variable CLI names, or
// any.
func Build(ctx context.Context, chosen, dir string) (Programs, error) {
	find := cli.Resolve
	if chosen != "" {
		find = func(ctx context.Context, stderr io.Writer) (string, error) { return cli.Choose(ctx, chosen, stderr) }
	}
	path, err := find(ctx, os.Stderr)
	if err != nil {
		return Programs{}, err
	}
	root, err := tool.Root()
	if err != nil {
		return Programs{}, err
	}
	provider := install.Provider(dir)
	if err := install.Build(ctx, root, ".", provider, os.Stderr); err != nil {
		return Programs{}, err
	}
	p := Programs{cli: path, config: filepath.Join(dir, "cli.tfrc")}
	return p, install.WriteOverride(p.config, filepath.Dir(provider), "")
}
