package acceptance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// cliVariable names the CLI to test with, as terraform-plugin-testing calls it.
const cliVariable = "TF_ACC_TERRAFORM_PATH"

// CLIPath is the CLI to test with.
func CLIPath(t testing.TB) string {
	t.Helper()
	path, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func findCLI() (string, error) {
	if path := os.Getenv(cliVariable); path != "" {
		return path, nil
	}
	found, err := exec.LookPath("terraform")
	if err != nil {
		return "", fmt.Errorf("%s isn't set and there is no terraform on the PATH; run make test", cliVariable)
	}
	return found, nil
}

// testedCLI is what the CLI to test with is.
var testedCLI = sync.OnceValues(func() (cli.Product, error) {
	path, err := findCLI()
	if err != nil {
		return cli.Product{}, err
	}
	return cli.Identify(context.Background(), path)
})

// registryHost is where the CLI to test with looks for providers.
var registryHost = sync.OnceValues(func() (string, error) {
	path, err := findCLI()
	if err != nil {
		return "", err
	}
	return cli.RegistryHost(context.Background(), path)
})

// Feature is something that not every CLI has. It skips a test case on the others.
type Feature struct{ cli.Feature }

// What the provider offers to newer CLIs.
var (
	Identity           = mustFeature("Terraform 1.12, OpenTofu 1.12")
	EphemeralResources = mustFeature("Terraform 1.10, OpenTofu 1.11")
	// QueriesAndActions are list resources and actions.
	QueriesAndActions = mustFeature("Terraform 1.14")
	// MovesAcrossTypes are moved blocks from one type of resource to another.
	MovesAcrossTypes = mustFeature("Terraform 1.8, OpenTofu 1.10")
)

// What the examples use of newer CLIs.
var (
	// ImportsWithForEach are import blocks with for_each.
	ImportsWithForEach = mustFeature("Terraform 1.7, OpenTofu 1.7")
	// ModuleTests are tests of a module that mock the provider, for the command test.
	ModuleTests = mustFeature("Terraform 1.7, OpenTofu 1.8")
	// S3LockFile is the lock alongside a state in S3.
	S3LockFile = mustFeature("Terraform 1.10, OpenTofu 1.10")
)

var _ tfversion.TerraformVersionCheck = Feature{}

func mustFeature(text string) Feature {
	f, err := cli.ParseFeature(text)
	if err != nil {
		panic(err)
	}
	return Feature{f}
}

// CheckTerraformVersion skips a test case of terraform-plugin-testing.
func (f Feature) CheckTerraformVersion(_ context.Context, _ tfversion.CheckTerraformVersionRequest, resp *tfversion.CheckTerraformVersionResponse) {
	resp.Skip, resp.Error = f.WhyUnsupported()
}

// Need skips a test whose CLI lacks a feature.
func (f Feature) Need(t testing.TB) {
	t.Helper()
	reason, err := f.WhyUnsupported()
	switch {
	case err != nil:
		t.Fatal(err)
	case reason != "":
		t.Skip(reason)
	}
}

// Missing says why the CLI to test with lacks the feature, and is empty where it has it.
func (f Feature) WhyUnsupported() (reason string, err error) {
	product, err := testedCLI()
	if err != nil {
		return "", err
	}
	return product.WhyUnsupported(f.Feature), nil
}
