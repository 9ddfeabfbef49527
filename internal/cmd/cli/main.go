// Command cli prints the path of the Terraform or OpenTofu CLI that the make targets use.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	terraform "github.com/hashicorp/terraform-registry-address"
	opentofu "github.com/opentofu/registry-address/v2"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

func main() {
	openTofu := flag.Bool("opentofu", false, "use the pinned OpenTofu")
	hosts := flag.Bool("hosts", false, "print the registry hosts of Terraform and OpenTofu instead")
	cli.Main("Prints the path of the CLI to use: $"+cli.EnvVar+", or one on the PATH, or the pinned OpenTofu, which it builds.",
		func(ctx context.Context, stdout, stderr io.Writer) (err error) {
			if *hosts {
				_, err = fmt.Fprintln(stdout, terraform.DefaultProviderRegistryHost, opentofu.DefaultProviderRegistryHost)
				return err
			}
			var path string
			if *openTofu {
				path, err = cli.OpenTofu(ctx, stderr)
			} else {
				path, err = cli.Find(ctx, os.Getenv(cli.EnvVar), stderr)
			}
			if err == nil {
				_, err = fmt.Fprintln(stdout, path)
			}
			return err
		})
}
