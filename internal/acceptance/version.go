package acceptance

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Feature is something that not every CLI has: the first versions of Terraform and
// of OpenTofu with it, nil where none has it. It skips a test case on the others.
type Feature struct {
	terraform, openTofu *version.Version
}

// What the provider offers to newer CLIs.
var (
	Identity           = Feature{terraform: tfversion.Version1_12_0, openTofu: tfversion.Version1_12_0}
	EphemeralResources = Feature{terraform: tfversion.Version1_10_0, openTofu: tfversion.Version1_11_0}
	// QueriesAndActions are list resources and actions.
	QueriesAndActions = Feature{terraform: tfversion.Version1_14_0}
)

var _ tfversion.TerraformVersionCheck = Feature{}

// CheckTerraformVersion implements tfversion.TerraformVersionCheck.
func (f Feature) CheckTerraformVersion(_ context.Context, _ tfversion.CheckTerraformVersionRequest, resp *tfversion.CheckTerraformVersionResponse) {
	resp.Skip, resp.Error = f.missing()
}

// Need skips a test whose CLI lacks a feature.
func (f Feature) Need(t testing.TB) {
	t.Helper()
	reason, err := f.missing()
	switch {
	case err != nil:
		t.Fatal(err)
	case reason != "":
		t.Skip(reason)
	}
}

// missing says why the CLI lacks the feature, and nothing where it has it.
func (f Feature) missing() (reason string, err error) {
	cli, err := testedCLI()
	if err != nil {
		return "", err
	}
	first := f.terraform
	if cli.openTofu {
		first = f.openTofu
	}
	switch {
	case first == nil:
		return fmt.Sprintf("this is %s, and no version of it has this", cli), nil
	case cli.version.Core().LessThan(first):
		return fmt.Sprintf("this is %s, and %s is the first with this", cli, first), nil
	}
	return "", nil
}

// product is a CLI and its version.
type product struct {
	openTofu bool
	version  *version.Version
}

func (p product) String() string {
	if p.openTofu {
		return "OpenTofu " + p.version.String()
	}
	return "Terraform " + p.version.String()
}

// firstLine is how a CLI begins to tell its version.
var firstLine = regexp.MustCompile(`^(Terraform|OpenTofu) v(\S+)`)

// testedCLI is the CLI that the tests run with.
var testedCLI = sync.OnceValues(func() (product, error) {
	path, err := findCLI()
	if err != nil {
		return product{}, err
	}
	text, err := exec.CommandContext(context.Background(), path, "version").Output() //nolint:gosec // Whoever runs the tests names it.
	if err != nil {
		return product{}, fmt.Errorf("%s version: %w", path, err)
	}
	found := firstLine.FindSubmatch(text)
	if found == nil {
		return product{}, fmt.Errorf("%s doesn't tell its version: %q", path, text)
	}
	told, err := version.NewVersion(string(found[2]))
	return product{openTofu: string(found[1]) == "OpenTofu", version: told}, err
})

// RunWith is Run for steps that take a CLI with a feature.
func RunWith(t *testing.T, feature Feature, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{TerraformVersionChecks: []tfversion.TerraformVersionCheck{feature}, Steps: steps})
}
