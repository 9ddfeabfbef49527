package acceptance

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// Version is the provider's version in tests.
const Version = "test"

// Run runs test steps with a real CLI, in parallel with other tests.
func Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{Steps: steps})
}

// RunWith is Run for steps that require a feature of the CLI.
func RunWith(t *testing.T, feature Feature, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{TerraformVersionChecks: []tfversion.TerraformVersionCheck{feature}, Steps: steps})
}

// Test runs a test case with a real CLI and the provider in this process.
func Test(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	useRegistryHost(t)
	testCase.ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
		"guardai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(Version)(), nil },
	}
	resource.UnitTest(t, testCase)
}

// providerHostEnvVar sets the registry host in the provider address that terraform-plugin-testing uses.
const providerHostEnvVar = "TF_ACC_PROVIDER_HOST"

// useRegistryHost sets the CLI's default registry host, which is the same for all tests of the process.
func useRegistryHost(t *testing.T) {
	t.Helper()
	host, err := registryHost()
	if err == nil && os.Getenv(providerHostEnvVar) != host {
		err = os.Setenv(providerHostEnvVar, host) //nolint:usetesting // Not restored, as it is the same for all tests.
	}
	if err != nil {
		t.Fatal(err)
	}
}
