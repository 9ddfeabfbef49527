// Package cli finds a Terraform or OpenTofu CLI and runs it in a folder, with the provider that it uses. It knows
// nothing of testing: the tests, the demo and the measurements stand on it.
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
)

// Variable is the environment variable that chooses a CLI by name or path.
const Variable = "CLI"

// The names that the CLIs have for themselves.
const (
	terraform = "Terraform"
	openTofu  = "OpenTofu"
)

// supported are the first versions that work with the provider.
var supported = Feature{Terraform: version.Must(version.NewVersion("1.5")), OpenTofu: version.Must(version.NewVersion("1.8"))}

// Product is a CLI and its version.
type Product struct {
	name    string
	version *version.Version
}

func (p Product) String() string { return p.name + " " + p.version.String() }

// firstLine is how a CLI begins to report its version.
var firstLine = regexp.MustCompile(`^(` + terraform + `|` + openTofu + `) v(\S+)`)

// Identify asks a CLI what it is.
func Identify(ctx context.Context, path string) (Product, error) {
	command := Command(ctx, path, "version")
	command.Env = append(Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := Succeed(command)
	if err != nil {
		return Product{}, err
	}
	found := firstLine.FindStringSubmatch(output.Stdout)
	if found == nil {
		return Product{}, fmt.Errorf("%s version reports no version of Terraform or OpenTofu: %q", path, output.Stdout)
	}
	number, err := version.NewVersion(found[2])
	return Product{name: found[1], version: number}, err
}

// Feature is something that not every CLI has: the first versions of Terraform and of
// OpenTofu with it, nil where none has it.
type Feature struct {
	Terraform, OpenTofu *version.Version
}

// ParseFeature reads the first versions with a feature as the documentation writes
// them, such as "Terraform 1.12, OpenTofu 1.11". A CLI that isn't named lacks it.
func ParseFeature(text string) (Feature, error) {
	var f Feature
	for part := range strings.SplitSeq(text, ", ") {
		name, number, _ := strings.Cut(part, " ")
		first, err := version.NewVersion(number)
		switch {
		case err != nil:
			return Feature{}, fmt.Errorf("%q names no version of a CLI: %w", text, err)
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

// Lacks says why a CLI lacks a feature, and is empty where it has it. A pre-release has what its version has.
func (p Product) Lacks(f Feature) string {
	first := f.Terraform
	if p.name == openTofu {
		first = f.OpenTofu
	}
	switch {
	case first == nil:
		return fmt.Sprintf("this is %s, and no version of it has this", p)
	case p.version.Core().LessThan(first):
		return fmt.Sprintf("this is %s, and %s is the first with this", p, first)
	}
	return ""
}

// buildOpenTofu builds the pinned OpenTofu. Tests replace it: it takes minutes.
var buildOpenTofu = OpenTofu

// Find returns the absolute path of the CLI to use: the chosen one, by name or path, else the first usable one on the
// PATH, else an OpenTofu that is built from its Go module. What the user should know of the choice goes to stderr.
func Find(ctx context.Context, chosen string, stderr io.Writer) (path string, err error) {
	if chosen != "" {
		path, err := usable(ctx, chosen)
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
	fmt.Fprintf(stderr, "There is no usable terraform or tofu on the PATH, so the OpenTofu that this repository pins is used. (%s=PATH chooses another.)\n", Variable)
	return buildOpenTofu(ctx, stderr)
}

// usable returns the absolute path of a CLI that the provider works with.
func usable(ctx context.Context, name string) (string, error) {
	found, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	product, err := Identify(ctx, found)
	if err != nil {
		return "", err
	}
	if product.Lacks(supported) != "" {
		return "", fmt.Errorf("it is %s, and the provider needs Terraform %s or OpenTofu %s", product, supported.Terraform, supported.OpenTofu)
	}
	return filepath.Abs(found)
}

// requiredProvider is how a CLI shows where it looks for guardai/guardai.
var requiredProvider = regexp.MustCompile(`provider\[(.+)/guardai/guardai\]`)

// RequiredProviders says in a configuration where the provider comes from.
const RequiredProviders = `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}
`

// RegistryHost returns where a CLI looks for providers whose source names no host: Terraform and OpenTofu differ.
func RegistryHost(ctx context.Context, path string) (host string, err error) {
	dir, err := os.MkdirTemp("", "guardai-host-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f, err := NewFolder(dir, path, "TF_CLI_CONFIG_FILE="+os.DevNull)
	if err == nil {
		err = f.Write("main.tf", RequiredProviders)
	}
	if err != nil {
		return "", err
	}
	output, err := f.MustRun(ctx, "providers")
	if err != nil {
		return "", err
	}
	found := requiredProvider.FindStringSubmatch(output.Stdout)
	if found == nil {
		return "", fmt.Errorf("the CLI doesn't report where it looks for the provider: %q", output.Stdout)
	}
	return found[1], nil
}
