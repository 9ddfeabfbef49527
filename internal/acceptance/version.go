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

// cliPathEnvVar is terraform-plugin-testing's variable for the CLI under test.
const cliPathEnvVar = "TF_ACC_TERRAFORM_PATH"

// CLIPath returns the path of the CLI under test.
func CLIPath(t testing.TB) string {
	t.Helper()
	path, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func findCLI() (string, error) {
	if path := os.Getenv(cliPathEnvVar); path != "" {
		return path, nil
	}
	found, err := exec.LookPath("terraform")
	if err != nil {
		return "", fmt.Errorf("%s isn't set and there is no terraform on the PATH; run make test", cliPathEnvVar)
	}
	return found, nil
}

// testProduct is the name and version of the CLI under test.
var testProduct = sync.OnceValues(func() (cli.Product, error) {
	path, err := findCLI()
	if err != nil {
		return cli.Product{}, err
	}
	return cli.Identify(context.Background(), path)
})

// registryHost is the default registry host of the CLI under test.
var registryHost = sync.OnceValues(func() (string, error) {
	path, err := findCLI()
	if err != nil {
		return "", err
	}
	return cli.RegistryHost(context.Background(), path)
})

// Feature is a CLI feature that a test requires.
type Feature struct{ cli.Feature }

// Features of newer CLIs that the provider supports.
var (
	Identity           = mustFeature("Terraform 1.12, OpenTofu 1.12")
	EphemeralResources = mustFeature("Terraform 1.10, OpenTofu 1.11")
	// QueriesAndActions are list resources and actions.
	QueriesAndActions = mustFeature("Terraform 1.14")
	// MovesAcrossTypes are moved blocks between resource types.
	MovesAcrossTypes = mustFeature("Terraform 1.8, OpenTofu 1.10")
)

// Features of newer CLIs that the examples use.
var (
	// ImportsWithForEach are import blocks with for_each.
	ImportsWithForEach = mustFeature("Terraform 1.7, OpenTofu 1.7")
	// ModuleTests are terraform test files with mock providers.
	ModuleTests = mustFeature("Terraform 1.7, OpenTofu 1.8")
	// S3LockFile is locking of the S3 backend with a lock file.
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

// CheckTerraformVersion skips a test case if the CLI doesn't support the feature.
func (f Feature) CheckTerraformVersion(_ context.Context, _ tfversion.CheckTerraformVersionRequest, resp *tfversion.CheckTerraformVersionResponse) {
	resp.Skip, resp.Error = f.WhyUnsupported()
}

// Need skips a test if the CLI doesn't support the feature.
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

// WhyUnsupported returns why the CLI under test doesn't support the feature, or "" if it does.
func (f Feature) WhyUnsupported() (reason string, err error) {
	product, err := testProduct()
	if err != nil {
		return "", err
	}
	return product.WhyUnsupported(f.Feature), nil
}
