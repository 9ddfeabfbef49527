// Package cli finds a Terraform or OpenTofu CLI and runs it with the provider and a sandbox. It doesn't depend on
// testing: tests, the demo and benchmarks use it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"
	tfaddr "github.com/hashicorp/terraform-registry-address"
	opentofuaddr "github.com/opentofu/registry-address/v2"
)

// EnvVar is the environment variable that selects a CLI by name or path.
const EnvVar = "CLI"

const (
	terraform = "Terraform"
	openTofu  = "OpenTofu"
)

// minimumVersions are the oldest versions that the provider supports.
var minimumVersions = Feature{Terraform: version.Must(version.NewVersion("1.5")), OpenTofu: version.Must(version.NewVersion("1.8"))}

// Product is a CLI and its version.
type Product struct {
	name    string
	version *version.Version
}

func (p Product) String() string { return p.name + " " + p.version.String() }

// versionPattern matches the first line of a CLI's version command.
var versionPattern = regexp.MustCompile(`^(` + terraform + `|` + openTofu + `) v(\S+)`)

// Identify returns the name and version of a CLI.
func Identify(ctx context.Context, path string) (Product, error) {
	command := Command(ctx, path, "version")
	command.Env = append(Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := RequireSuccess(command)
	if err != nil {
		return Product{}, err
	}
	match := versionPattern.FindStringSubmatch(output.Stdout)
	if match == nil {
		return Product{}, fmt.Errorf("%s version reports no version of Terraform or OpenTofu: %q", path, output.Stdout)
	}
	number, err := version.NewVersion(match[2])
	return Product{name: match[1], version: number}, err
}

// Feature holds the first versions of Terraform and OpenTofu that support a feature, nil if none does.
type Feature struct {
	Terraform, OpenTofu *version.Version
}

// ParseFeature parses versions as the documentation writes them, such as "Terraform 1.12, OpenTofu 1.11". A CLI that
// isn't named doesn't support the feature.
func ParseFeature(text string) (Feature, error) {
	var f Feature
	for part := range strings.SplitSeq(text, ", ") {
		name, number, _ := strings.Cut(part, " ")
		first, err := version.NewVersion(number)
		switch {
		case err != nil:
			return Feature{}, fmt.Errorf("%q has no valid CLI version: %w", text, err)
		case name == terraform:
			f.Terraform = first
		case name == openTofu:
			f.OpenTofu = first
		default:
			return Feature{}, fmt.Errorf("%q names an unknown CLI", text)
		}
	}
	return f, nil
}

// WhyUnsupported returns why a CLI doesn't support a feature, or "" if it does. A pre-release counts as its release.
func (p Product) WhyUnsupported(f Feature) string {
	first := f.Terraform
	if p.name == openTofu {
		first = f.OpenTofu
	}
	switch {
	case first == nil:
		return fmt.Sprintf("%s: no version supports this", p)
	case p.version.Core().LessThan(first):
		return fmt.Sprintf("%s: this needs version %s", p, first)
	}
	return ""
}

// Find returns the absolute path of the CLI to use: the chosen one, by name or path; else the first supported one on
// the PATH; else OpenTofu, built from source. It writes notes on its choice to stderr.
func Find(ctx context.Context, name string, stderr io.Writer) (path string, err error) {
	if name != "" {
		path, err := usable(ctx, name)
		if err != nil {
			return "", fmt.Errorf("the chosen CLI can't be used: %w", err)
		}
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := usable(ctx, name)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, exec.ErrNotFound) {
			fmt.Fprintf(stderr, "Not using %s: %v.\n", name, err)
		}
	}
	fmt.Fprintf(stderr, "There is no usable terraform or tofu on the PATH, so this repository's pinned OpenTofu is used. (Set %s to choose another CLI.)\n", EnvVar)
	return OpenTofu(ctx, stderr)
}

// usable returns the absolute path of a CLI that the provider supports.
func usable(ctx context.Context, name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	product, err := Identify(ctx, path)
	if err != nil {
		return "", err
	}
	if product.WhyUnsupported(minimumVersions) != "" {
		return "", fmt.Errorf("it is %s, and the provider needs Terraform %s or OpenTofu %s", product, minimumVersions.Terraform, minimumVersions.OpenTofu)
	}
	return filepath.Abs(path)
}

// RequiredProviders is the configuration that declares the provider's source.
const RequiredProviders = `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}
`

// RegistryHost returns the default registry host of a CLI, which differs between Terraform and OpenTofu.
func RegistryHost(ctx context.Context, path string) (string, error) {
	product, err := Identify(ctx, path)
	if product.name == openTofu {
		return opentofuaddr.DefaultProviderRegistryHost.String(), err
	}
	return tfaddr.DefaultProviderRegistryHost.String(), err
}
