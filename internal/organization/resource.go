package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ resource.ResourceWithConfigure   = (*organizationResource)(nil)
	_ resource.ResourceWithIdentity    = (*organizationResource)(nil)
	_ resource.ResourceWithImportState = (*organizationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*organizationResource)(nil)
	_ resource.ResourceWithMoveState   = (*organizationResource)(nil)
)

type organizationResource struct{ component.Resource }

// NewResource returns the resource guardai_organization.
func NewResource() resource.Resource { return &organizationResource{} }

func (r *organizationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization"
}

func (r *organizationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *organizationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				Description:       "ID of the organization.",
				RequiredForImport: true,
			},
		},
	}
}

// Create saves the new organization to state before it completes it, so that a later failure leaves no orphan.
func (r *organizationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := readModel(ctx, req.Plan, &resp.Diagnostics)
	config := readModel(ctx, req.Config, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	change := settingsChange(ctx, plan, resourceModel{})
	created, err := create(ctx, client, plan, change.Set, &resp.Diagnostics)
	if err != nil {
		addCreateError(&resp.Diagnostics, plan, err)
		return
	}
	state := plan.stateAfterCreate(ctx, created.Organization)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	resp.Diagnostics.Append(recordManaged(ctx, resp.Private, config, plan)...)
	resp.Diagnostics.Append(state.write(ctx, &resp.State)...)
	if resp.Diagnostics.HasError() {
		return
	}
	org, err := finish(ctx, client, created, plan, change.Set, &resp.Diagnostics)
	if err == nil {
		err = state.fromAPI(org)
	}
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), "Unable to complete new organization "+state.ID.ValueString(), err)
		return
	}
	resp.Diagnostics.Append(state.reconcile(ctx, plan, change)...)
	resp.Diagnostics.Append(state.write(ctx, &resp.State)...)
}

func (r *organizationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := readModel(ctx, req.State, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	// Set before the read, which may find nothing, because the identity must not be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	org, err := state.get(ctx, client)
	if guardai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		err = state.fromAPI(org)
	}
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), "Unable to read organization "+state.ID.ValueString(), err)
		return
	}
	resp.Diagnostics.Append(state.write(ctx, &resp.State)...)
}

func (r *organizationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := readModel(ctx, req.Plan, &resp.Diagnostics)
	state := readModel(ctx, req.State, &resp.Diagnostics)
	config := readModel(ctx, req.Config, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	change := settingsChange(ctx, plan, state)
	updated, err := update(ctx, client, plan, state, change)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), "Unable to update organization "+plan.ID.ValueString(), err)
		return
	}
	resp.Diagnostics.Append(updated.reconcile(ctx, plan, change)...)
	// State from an older CLI has no identity yet.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: updated.ID})...)
	resp.Diagnostics.Append(recordManaged(ctx, resp.Private, config, plan)...)
	resp.Diagnostics.Append(updated.write(ctx, &resp.State)...)
}

func (r *organizationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := readModel(ctx, req.State, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	err := destroy(ctx, client, state)
	if err != nil && !guardai.IsNotFound(err) {
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to delete organization %s", state.ID.ValueString()), err)
	}
}
