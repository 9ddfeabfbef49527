// Command cli prints the path of the Terraform or OpenTofu CLI that the make targets use.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

func main() { os.Exit(newProgram().Main()) }

func newProgram() program.Program {
	var chosen string
	var openTofu bool
	return program.Program{
		Name:  "cli",
		About: "Prints the path of the Terraform or OpenTofu CLI to use. Builds the pinned OpenTofu if there is none.",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&chosen, "cli", os.Getenv(cli.EnvVar), "`name` or path of the CLI to use; default: $"+cli.EnvVar)
			flags.BoolVar(&openTofu, "opentofu", false, "use the pinned OpenTofu")
		},
		Run: func(ctx context.Context, stdout, stderr io.Writer) error {
			path, err := find(ctx, chosen, openTofu, stderr)
			if err == nil {
				_, err = fmt.Fprintln(stdout, path)
			}
			return err
		},
	}
}

func find(ctx context.Context, chosen string, openTofu bool, stderr io.Writer) (string, error) {
	if openTofu {
		return cli.OpenTofu(ctx, stderr)
	}
	return cli.Find(ctx, chosen, stderr)
}
