package acceptance

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// Version is the provider's version in tests.
const Version = "test"

// Factories serve the provider in this process.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"guardai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(Version)(), nil },
	}
}

// Run runs steps with a real CLI, beside other tests.
func Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{Steps: steps})
}

// Test runs a test case with a real CLI and this process's provider.
func Test(t *testing.T, testCase resource.TestCase) {
	t.Helper()
	useImpliedHost(t)
	testCase.ProtoV6ProviderFactories = Factories()
	resource.UnitTest(t, testCase)
}

// ID returns a check that hands the id of a resource to a function.
func ID(address string, take func(id int64) error) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		found, ok := state.RootModule().Resources[address]
		if !ok {
			return fmt.Errorf("%s is not in state", address)
		}
		id, err := strconv.ParseInt(found.Primary.ID, 10, 64)
		if err != nil {
			return fmt.Errorf("id of %s: %w", address, err)
		}
		return take(id)
	}
}
