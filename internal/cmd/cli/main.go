// Command cli prints the path of the Terraform or OpenTofu CLI that this
// repository's make targets use.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
)

func main() {
	chosen := flag.String("cli", os.Getenv(cli.Variable), "name or path of the CLI to use, instead of looking for one; default: $"+cli.Variable)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	path, err := cli.Choose(ctx, *chosen, os.Stderr)
	stop()
	if err == nil {
		_, err = fmt.Fprintln(os.Stdout, path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}
