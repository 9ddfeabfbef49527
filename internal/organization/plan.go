package organization

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

const sourceAttribute = "source_organization_id"

// ModifyPlan plans the settings that the configuration doesn't set, and adds warnings. Private state distinguishes a
// setting that was removed from the configuration from one that was never in it.
func (r *organizationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	config := readModel(ctx, req.Config, &resp.Diagnostics)
	plan := readModel(ctx, req.Plan, &resp.Diagnostics)
	state := readModel(ctx, req.State, &resp.Diagnostics)
	managed, diags := managedSettings(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	exists := !req.State.Raw.IsNull()
	plan.planSettings(ctx, config, state, exists, managed)
	if err := checkSource(plan, exists); err != nil {
		component.AddError(&resp.Diagnostics, path.Root(sourceAttribute), "Invalid source organization", err)
	}
	warnSource(plan, state, exists, &resp.Diagnostics)
	warnFeatures(ctx, plan, state, &resp.Diagnostics)
	resp.Diagnostics.Append(plan.write(ctx, &resp.Plan)...)
}

// planSettings plans each setting that the configuration doesn't set. It becomes unknown if the organization is new, or
// if the last applied configuration set it, because the platform's default then returns. Otherwise it keeps its value
// in state. The framework has already planned the others, including those under ignore_changes.
func (m *resourceModel) planSettings(ctx context.Context, config, state resourceModel, exists bool, managed []string) {
	for _, s := range settings {
		switch {
		case !config.setting(ctx, s).IsNull():
		case !exists, slices.Contains(managed, s.attribute):
			m.Settings[s.attribute] = s.unknown(ctx)
		default:
			m.Settings[s.attribute] = state.setting(ctx, s)
		}
	}
}

// checkSource validates the source of a copy to be created.
func checkSource(plan resourceModel, exists bool) error {
	source := plan.SourceOrganizationID
	if exists || source.IsNull() || source.IsUnknown() {
		return nil
	}
	_, err := component.ParseIDArgument(path.Root(sourceAttribute), source)
	return err
}

// warnSource warns of a source that is set after the organization was created.
func warnSource(plan, state resourceModel, exists bool, diags *diag.Diagnostics) {
	source := plan.SourceOrganizationID
	if !exists || source.IsNull() || source.IsUnknown() || source.Equal(state.SourceOrganizationID) {
		return
	}
	diags.AddAttributeWarning(path.Root(sourceAttribute), "The source of an existing organization has no effect", fmt.Sprintf(
		"source_organization_id has an effect only when an organization is created. Organization %s exists already and doesn't change; only the value in state does. "+
			"Remove the argument, or create a copy as another resource.", state.ID.ValueString()))
}

// warnFeatures warns of feature names that may be misspelled.
func warnFeatures(ctx context.Context, plan, state resourceModel, diags *diag.Diagnostics) {
	for _, s := range settings {
		if _, ok := s.kind.(featureSet); !ok {
			continue
		}
		if unknown := unknownFeatures(plan.setting(ctx, s), state.setting(ctx, s)); len(unknown) > 0 {
			diags.AddAttributeWarning(path.Root(s.attribute), "Unknown feature", fmt.Sprintf(
				"The API documentation names only the features %s, not %s. The provider sends them to the platform. Check the spelling, unless your platform is newer than this provider.",
				component.JoinLimited(quoteEach(knownFeatures), ", "), component.JoinLimited(quoteEach(unknown), ", ")))
		}
	}
}
