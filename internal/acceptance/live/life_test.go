package live_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	frameworkresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// life is what a resource's life consists of. The functions act outside of Terraform, on the object with these
// attributes.
type life struct {
	// The configurations of the resource, one after the other. created and updated differ only in values, renamed changes
	// the name, and omitted leaves out optional arguments.
	created, updated, renamed, omitted string
	// imported is the configuration for which an import plans no change, by default omitted.
	imported string
	// ignored lists the attributes that an import doesn't set.
	ignored []string
	// drift changes a configured argument of the object.
	drift func(attributes map[string]string) error
	// remove deletes the object.
	remove func(attributes map[string]string) error
	// read returns an error that is guardai.IsNotFound if the object doesn't exist.
	read func(attributes map[string]string) error
}

// run runs the ten steps: create, empty plan, update, rename, omit an argument, import by id and by identity, repair
// drift, replace what is gone, destroy. terraform-plugin-testing checks after each apply that plans are empty, with and
// without a refresh.
func (l life) run(t *testing.T, p *platform, resourceType string) {
	t.Helper()
	address := resourceType + ".test"
	attributes := map[string]string{}
	outside := func(act func(map[string]string) error) func() {
		return func() {
			if err := act(attributes); err != nil {
				t.Fatal(err)
			}
		}
	}
	config := func(lines string) string {
		return fmt.Sprintf("%sresource %q \"test\" {\n %s\n}\n", p.providerBlock, resourceType, lines)
	}
	step := func(lines string, action plancheck.ResourceActionType, before func()) resource.TestStep {
		return resource.TestStep{
			PreConfig: before, Config: config(lines), Check: saveAttributes(address, attributes),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}},
		}
	}
	byIdentity := resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
		Config: config(cmp.Or(l.imported, l.omitted)),
		SkipFunc: func() (bool, error) {
			reason, err := acceptance.Identity.WhyUnsupported()
			return reason != "", err
		},
	}
	acceptance.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			step(l.created, plancheck.ResourceActionCreate, nil),
			step(l.updated, plancheck.ResourceActionUpdate, nil),
			step(l.renamed, plancheck.ResourceActionUpdate, nil),
			step(l.omitted, plancheck.ResourceActionNoop, nil),
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: l.ignored},
			byIdentity,
			step(l.omitted, plancheck.ResourceActionUpdate, outside(l.drift)),
			step(l.omitted, plancheck.ResourceActionCreate, outside(l.remove)),
			{Config: config(l.omitted), Destroy: true},
		},
		CheckDestroy: func(*terraform.State) error {
			if err := l.read(attributes); !guardai.IsNotFound(err) {
				return fmt.Errorf("the destroyed object is still there: %w", cmp.Or(err, errors.New("it can be read")))
			}
			return nil
		},
	})
}

// saveAttributes returns a check that copies a resource's attributes.
func saveAttributes(address string, to map[string]string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		maps.Copy(to, state.RootModule().Resources[address].Primary.Attributes)
		return nil
	}
}

func TestEveryResourceHasALife(t *testing.T) {
	t.Parallel()
	p := provider.New(acceptance.Version)()
	offered := p.Resources(t.Context())
	for _, newResource := range offered {
		var metadata frameworkresource.MetadataResponse
		newResource().Metadata(context.Background(), frameworkresource.MetadataRequest{ProviderTypeName: "guardai"}, &metadata)
		if lives[metadata.TypeName] == nil {
			t.Errorf("%s has no life", metadata.TypeName)
		}
	}
	if len(lives) != len(offered) {
		t.Errorf("there are %d lives for %d resources", len(lives), len(offered))
	}
}
