package matrix

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
	provider := filepath.Join(dir, "provider", run.Executable("terraform-provider-guardai"))
	command := run.Command(ctx, "go", "build", "-o", provider, ".")
	command.Dir, command.Stdout, command.Stderr = root, os.Stderr, os.Stderr
	command.Env = append(os.Environ(), "GOTMPDIR="+dir)
	err = command.Run()
	run.Sweep(command)
	if err != nil {
		return Programs{}, fmt.Errorf("building the provider: %w", err)
	}
	p := Programs{cli: path, config: filepath.Join(dir, "cli.tfrc")}
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(provider))
	return p, os.WriteFile(p.config, []byte(text), 0o600)
}
