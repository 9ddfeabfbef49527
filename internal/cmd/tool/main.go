// Command tool prints the path of a program that a module below internal/tools
// pins, building it first where that hasn't been done yet.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := printPath(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func printPath(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one folder of internal/tools, such as %s", tool.OpenTofu)
	}
	path, err := tool.Path(ctx, args[0], os.Stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout, path)
	return err
}
