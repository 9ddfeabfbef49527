package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// settingsChange returns the settings to write for a plan. It ignores the configuration, because the effect of
// ignore_changes is only in the plan.
func settingsChange(ctx context.Context, plan, state resourceModel) guardai.SettingsChange {
	change := guardai.SettingsChange{Set: map[string]any{}}
	for _, s := range settings {
		planned := plan.setting(ctx, s)
		switch {
		case planned.IsUnknown():
			change.Reset = append(change.Reset, s.field)
		case !planned.IsNull() && !planned.Equal(state.setting(ctx, s)):
			change.Set[s.field] = s.kind.toAPI(planned)
		}
	}
	return change
}

// reconcile compares the result of a write with its plan. A value that was sent and not accepted is an error on its
// attribute. Any other difference is another client's change, or something that state lacks: state keeps the planned
// value, as Terraform requires, and the next refresh shows the change.
func (m *resourceModel) reconcile(ctx context.Context, plan resourceModel, change guardai.SettingsChange) diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.Name.Equal(plan.Name) {
		notAccepted(&diags, path.Root("name"), plan.Name, m.Name)
	}
	for _, s := range settings {
		planned, actual := plan.setting(ctx, s), m.setting(ctx, s)
		if planned.IsUnknown() || planned.Equal(actual) {
			continue
		}
		if _, sent := change.Set[s.field]; sent {
			notAccepted(&diags, path.Root(s.attribute), planned, actual)
			continue
		}
		m.Settings[s.attribute] = planned
	}
	if !plan.CreatedAt.IsUnknown() {
		// State may lack it, for example after a move without a refresh.
		m.CreatedAt = plan.CreatedAt
	}
	return diags
}

func notAccepted(diags *diag.Diagnostics, at path.Path, planned, actual attr.Value) {
	diags.AddAttributeError(at, "The platform did not accept a value", fmt.Sprintf(
		"The plan sets %s to %s, but after the write the platform has %s. Set a value that the platform accepts, or remove the argument to leave it to the platform.",
		at, planned, actual))
}
