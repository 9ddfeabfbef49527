package definition

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ModifyPlan keeps what the configuration omits, and hashes the planned content. From the configuration it uses only
// whether an argument is set, because the effect of ignore_changes is only in the plan.
func (r *definitionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	config, plan, state := r.kind.newModel(), r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	created := req.State.Raw.IsNull()
	if !created {
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		keep(config, plan, state)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	planned, prior := plan.common(), state.common()
	planned.ContentSHA256, planned.Size = planned.content().Plan(ctx, prior.ContentSHA256, prior.Size, &resp.Diagnostics)
	if created || !planned.OrganizationID.Equal(prior.OrganizationID) {
		planned.OrganizationID.Check(path.Root("organization_id"), &resp.Diagnostics)
	}
	if created && !resp.Diagnostics.HasError() {
		r.warnSameName(ctx, planned, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// keep plans the prior value of fields that the configuration omits, or sets in another form.
func keep(config, plan, state model) {
	configured, prior := config.fields(), state.fields()
	for i, f := range plan.fields() {
		planned := f.encode()
		if configured[i].attribute().IsNull() || planned != nil && guardai.SameField(f.name, planned, prior[i].encode()) {
			f.set(prior[i])
		}
	}
}

// warnSameName warns if there is a definition with the name of a new one.
func (r *definitionResource) warnSameName(ctx context.Context, plan *commonModel, diags *diag.Diagnostics) {
	client := r.Client()
	if client == nil || plan.OrganizationID.IsUnknown() || plan.Name.IsUnknown() {
		return
	}
	organizationID := plan.OrganizationID.Int64(path.Root("organization_id"), diags)
	definitions, err := client.ListDefinitions(ctx, r.kind.name, organizationID)
	switch {
	case guardai.IsForbidden(err), guardai.IsNotFound(err):
		return
	case err != nil:
		component.AddAttributeError(diags, path.Root("name"), fmt.Sprintf("Unable to check whether there is a %s with this name", r.kind.name), err)
		return
	}
	if ids := named(definitions, r.kind.name, organizationID, plan.Name.ValueString()); len(ids) > 0 {
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("There is a %s with this name already", r.kind.name), fmt.Sprintf(
			"This creates another %s named %q. To manage an existing one instead, import it: %s. If the new one replaces that one, ignore this.",
			r.kind.name, plan.Name.ValueString(), component.JoinLimited(ids, ", ")))
	}
}

// named returns the import ids of the definitions with a name.
func named(definitions []guardai.Definition, kind guardai.DefinitionKind, organizationID int64, name string) (ids []string) {
	for _, d := range definitions {
		if guardai.SameName(d.Name, name) {
			ids = append(ids, guardai.DefinitionKey{Kind: kind, OrganizationID: organizationID, ID: d.ID}.String())
		}
	}
	return ids
}
