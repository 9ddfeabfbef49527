// Command pictures records a run of the provider, with a real CLI against a local sandbox, as a picture of a terminal
// for the README.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func main() { os.Exit(newProgram().Main()) }

func newProgram() program.Program {
	var out string
	return program.Program{
		Name:  "pictures",
		About: "Records a run of the provider against a local sandbox as a picture of a terminal.",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&out, "out", filepath.Join("assets", "run.svg"), "`file` to write the picture to")
		},
		Check: func() error {
			if filepath.Ext(out) != ".svg" {
				return errors.New("-out must end in .svg")
			}
			return nil
		},
		Run: func(ctx context.Context, _, stderr io.Writer) error {
			return program.WithTestbed(ctx, "pictures", "", stderr, nil, func(testbed *program.Testbed) error {
				lines, err := record(ctx, testbed)
				if err != nil {
					return err
				}
				var picture bytes.Buffer
				if err := draw(&picture, lines); err != nil {
					return err
				}
				return os.WriteFile(out, picture.Bytes(), 0o644) //nolint:gosec // The picture is public.
			})
		},
	}
}

// record runs the commands and returns the lines of the picture.
func record(ctx context.Context, testbed *program.Testbed) ([]string, error) {
	var lines []string
	err := program.WithSandbox(sandbox.Config{Seed: true}, func(p *sandbox.Local) error {
		folder, err := testbed.Folder(append(p.Environ(), "TF_CLI_ARGS=")...)
		if err != nil {
			return err
		}
		r := &recording{Folder: folder, platform: p}
		err = r.play(ctx)
		lines = r.lines
		return err
	})
	return lines, err
}
