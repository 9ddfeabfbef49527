package organization

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan plans settings, which
// takes the private state to tell a setting that was removed from one that was
// never there.
func (r *organizationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	settings := path.Root("settings")
	var configured types.Object
	prior := types.ObjectNull(settingsTypes)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, settings, &configured)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, settings, &prior)...)
	}
	managed, diags := managedSettings(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, settings, planSettings(configured, prior, managed))...)
}

// replaceUnlessImported replaces an organization that would have to be a copy of
// another source. State without a source is that of an import, or of an
// organization that was not copied: naming the source then only records it.
func replaceUnlessImported() planmodifier.Int64 {
	const description = "A change replaces the organization, except where state has no source, as after an import."
	return int64planmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, description, description)
}
