package acceptance

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
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
	// MovesAcrossTypes are moved blocks from one type of resource to another.
	MovesAcrossTypes = Feature{terraform: tfversion.Version1_8_0, openTofu: tfversion.Version1_10_0}
)

// What the examples use of newer CLIs.
var (
	// ModuleTests are tests of a module, for the command test.
	ModuleTests = Feature{terraform: tfversion.Version1_6_0, openTofu: tfversion.Version1_6_0}
	// S3LockFile is the lock beside a state in S3.
	S3LockFile = Feature{terraform: tfversion.Version1_10_0, openTofu: tfversion.Version1_10_0}
)

var _ tfversion.TerraformVersionCheck = Feature{}

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
		case name == terraformName:
			f.terraform = first
		case name == openTofuName:
			f.openTofu = first
		default:
			return Feature{}, fmt.Errorf("%q names a CLI that isn't known", text)
		}
	}
	return f, nil
}

func (f Feature) CheckTerraformVersion(_ context.Context, _ tfversion.CheckTerraformVersionRequest, resp *tfversion.CheckTerraformVersionResponse) {
	resp.Skip, resp.Error = f.Missing()
}

// Need skips a test whose CLI lacks a feature.
func (f Feature) Need(t testing.TB) {
	t.Helper()
	reason, err := f.Missing()
	switch {
	case err != nil:
		t.Fatal(err)
	case reason != "":
		t.Skip(reason)
	}
}

// Missing says why the CLI that the tests run with lacks the feature, and nothing
// where it has it.
func (f Feature) Missing() (reason string, err error) {
	cli, err := testedCLI()
	if err != nil {
		return "", err
	}
	return f.missingFrom(cli), nil
}

// missingFrom is Missing for a CLI. A pre-release has what its version has.
func (f Feature) missingFrom(cli product) string {
	first := f.terraform
	if cli.openTofu {
		first = f.openTofu
	}
	switch {
	case first == nil:
		return fmt.Sprintf("this is %s, and no version of it has this", cli)
	case cli.version.Core().LessThan(first):
		return fmt.Sprintf("this is %s, and %s is the first with this", cli, first)
	}
	return ""
}

// The names that the CLIs have for themselves.
const (
	terraformName = "Terraform"
	openTofuName  = "OpenTofu"
)

// product is a CLI and its version.
type product struct {
	openTofu bool
	version  *version.Version
}

func (p product) String() string {
	if p.openTofu {
		return openTofuName + " " + p.version.String()
	}
	return terraformName + " " + p.version.String()
}

// firstLine is how a CLI begins to tell its version.
var firstLine = regexp.MustCompile(`^(` + terraformName + `|` + openTofuName + `) v(\S+)`)

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
	return product{openTofu: string(found[1]) == openTofuName, version: told}, err
})

// RunWith is Run for steps that take a CLI with a feature.
func RunWith(t *testing.T, feature Feature, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{TerraformVersionChecks: []tfversion.TerraformVersionCheck{feature}, Steps: steps})
}
