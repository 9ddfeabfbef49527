// Command demo shows the provider at work: it plans, creates, changes, imports and destroys organizations with a real
// CLI against a local sandbox, and checks the sandbox after each step. It leaves nothing behind.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func main() {
	cli.Main("Shows the provider at work against a local sandbox. It leaves nothing behind.", show)
}

// show sets up and runs the demo.
func show(ctx context.Context, stdout, stderr io.Writer) error {
	return cli.WithTestbed(ctx, "", stderr, nil, func(testbed *cli.Testbed) error {
		return cli.WithSandbox(sandbox.Config{Seed: true}, func(p *sandbox.Local) error {
			folder, err := testbed.Folder(append(p.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)...)
			if err != nil {
				return err
			}
			if err := os.CopyFS(folder.Dir, os.DirFS(filepath.Join(testbed.Root, "examples", "quickstart"))); err != nil {
				return err
			}
			provider, err := folder.StartProvider(ctx, testbed.Provider)
			if err != nil {
				return err
			}
			defer provider.Stop()
			d := &demo{Folder: folder.WithEnv(provider.Reattach), out: stdout, platform: p.Server}
			fmt.Fprintf(stdout, "The commands run %s in a copy of examples/quickstart, with a sandbox at %s.\nTheir output is shortened.\n", d.CLI, p.URL)
			return d.play(ctx)
		})
	})
}
