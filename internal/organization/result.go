package organization

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// reconcile compares what a write resulted in with its plan. A configured value
// that the platform didn't take is an error on that attribute. Another's change
// to what isn't managed is left for the next refresh to show: the plan that the
// user agreed to said otherwise.
func (m *resourceModel) reconcile(planned resourceModel, managed []string) diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.Name.Equal(planned.Name) {
		notTaken(&diags, path.Root("name"), planned.Name, m.Name)
	}
	fields := m.Settings.Attributes()
	for name, want := range planned.Settings.Attributes() {
		switch {
		case want.IsUnknown() || want.Equal(fields[name]):
		case slices.Contains(managed, name):
			notTaken(&diags, path.Root("settings").AtName(name), want, fields[name])
		default:
			fields[name] = want
		}
	}
	m.Settings = types.ObjectValueMust(settingsTypes, fields)
	return diags
}

func notTaken(diags *diag.Diagnostics, at path.Path, want, have attr.Value) {
	diags.AddAttributeError(at, "The platform did not take a value", fmt.Sprintf(
		"The configuration sets %s to %s, but after the write the platform has %s. Set a value that the platform accepts, or remove the argument to leave the value to the platform.",
		at, want, have))
}
