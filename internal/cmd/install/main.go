// Command install copies a built provider to the implied local mirror, where terraform init and tofu init find it
// without any setting.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/hashicorp/go-version"
	terraform "github.com/hashicorp/terraform-registry-address"
	opentofu "github.com/opentofu/registry-address/v2"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

func main() { os.Exit(newProgram().Main()) }

func newProgram() program.Program {
	var provider, number string
	var remove bool
	return program.Program{
		Name:  "install",
		About: "Copies a built provider to the folder where terraform init and tofu init find it, or removes it.",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&provider, "provider", filepath.Join("bin", cli.Executable("terraform-provider-guardai")), "`file` to install")
			flags.StringVar(&number, "version", "", "`version` to install it as, such as 0.1.0")
			flags.BoolVar(&remove, "remove", false, "remove all installed versions")
		},
		Check: func() error {
			if _, err := version.NewSemver(number); err != nil && !remove {
				return fmt.Errorf("-version: %w", err)
			}
			return nil
		},
		Run: func(_ context.Context, stdout, _ io.Writer) error {
			plugins, err := pluginsFolder()
			if err != nil {
				return err
			}
			for _, source := range sources() {
				folder := filepath.Join(plugins, filepath.FromSlash(source))
				if remove {
					err = uninstall(plugins, folder, stdout)
				} else {
					err = install(provider, folder, number, stdout)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// pluginsFolder returns the folder that both CLIs search before they ask a registry.
func pluginsFolder() (string, error) {
	if runtime.GOOS == "windows" {
		config, err := os.UserConfigDir()
		return filepath.Join(config, "terraform.d", "plugins"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".terraform.d", "plugins"), err
}

// sources returns the addresses of guardai/guardai in the registries of Terraform and OpenTofu.
func sources() []string {
	return []string{
		terraform.NewProvider(terraform.DefaultProviderRegistryHost, "guardai", "guardai").String(),
		opentofu.NewProvider(opentofu.DefaultProviderRegistryHost, "guardai", "guardai").String(),
	}
}

func install(provider, folder, number string, stdout io.Writer) error {
	target := filepath.Join(folder, number, runtime.GOOS+"_"+runtime.GOARCH, cli.Executable("terraform-provider-guardai_v"+number))
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return err
	}
	if err := copyProgram(provider, target); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, "Installed", target)
	return err
}

// copyProgram copies to a new file and renames it, because a running provider can't be overwritten.
func copyProgram(from, to string) (err error) {
	source, err := os.Open(from) //nolint:gosec // The user chooses the path.
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := os.CreateTemp(filepath.Dir(to), ".install-")
	if err != nil {
		return err
	}
	_, copying := io.Copy(target, source)
	err = errors.Join(copying, target.Chmod(0o755), target.Close())
	if err == nil {
		err = os.Rename(target.Name(), to)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(target.Name()))
	}
	return err
}

// uninstall removes a provider's folder and its empty parents. An empty ~/.terraform.d would change where OpenTofu
// looks for its settings.
func uninstall(plugins, folder string, stdout io.Writer) error {
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "Removed", folder)
	for parent := filepath.Dir(folder); len(parent) >= len(filepath.Dir(plugins)); parent = filepath.Dir(parent) {
		left, err := os.ReadDir(parent)
		if err != nil || len(left) > 0 {
			return err
		}
		if err := os.Remove(parent); err != nil {
			return err
		}
	}
	return nil
}
