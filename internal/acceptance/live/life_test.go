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
	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// life is what a resource's life consists of. The functions act outside of Terraform, on the object with these
// attributes.
type life struct {
	// The configurations of the resource, one after the other. created and updated differ only in values, renamed changes
	// the name, and omitted leaves out optional arguments. Resources that can't change in place have only omitted.
	created, updated, renamed, omitted string
	// imported is the configuration for which an import plans no change, by default omitted.
	imported string
	// importID returns the import id; nil if it is the attribute id.
	importID func(attributes map[string]string) string
	// ignored lists the attributes that an import doesn't set.
	ignored []string
	// drift changes a configured argument of the object; nil if there is none to change.
	drift func(attributes map[string]string) error
	// remove deletes the object.
	remove func(attributes map[string]string) error
	// exists reports whether the object exists.
	exists func(attributes map[string]string) (bool, error)
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
	var steps []resource.TestStep
	first := plancheck.ResourceActionCreate
	for _, change := range []string{l.created, l.updated, l.renamed} {
		if change != "" {
			steps = append(steps, step(change, first, nil))
			first = plancheck.ResourceActionUpdate
		}
	}
	if len(steps) > 0 {
		first = plancheck.ResourceActionNoop
	}
	byID := resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: l.ignored}
	if l.importID != nil {
		byID.ImportStateIdFunc = func(*terraform.State) (string, error) { return l.importID(attributes), nil }
	}
	steps = append(steps, step(l.omitted, first, nil), byID, byIdentity)
	if l.drift != nil {
		steps = append(steps, step(l.omitted, plancheck.ResourceActionUpdate, outside(l.drift)))
	}
	steps = append(steps, step(l.omitted, plancheck.ResourceActionCreate, outside(l.remove)), resource.TestStep{Config: config(l.omitted), Destroy: true})
	acceptance.Test(t, resource.TestCase{
		Steps: steps,
		CheckDestroy: func(*terraform.State) error {
			exists, err := l.exists(attributes)
			if exists {
				return errors.New("the destroyed object still exists")
			}
			return err
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
