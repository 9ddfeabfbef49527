package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ resource.ResourceWithConfigure   = (*organizationResource)(nil)
	_ resource.ResourceWithIdentity    = (*organizationResource)(nil)
	_ resource.ResourceWithImportState = (*organizationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*organizationResource)(nil)
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
			"id": identityschema.Int64Attribute{
				Description:       "Id of the organization.",
				RequiredForImport: true,
			},
		},
	}
}

func (r *organizationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, diags := r.Client()
	resp.Diagnostics.Append(diags...)
	wanted, diags := settingsToSend(ctx, config.Settings)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	org := create(ctx, client, plan, wanted, &resp.Diagnostics)
	if org == nil {
		return
	}
	// State first: nothing that fails from here on may leave an orphan.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: types.Int64Value(org.ID)})...)
	resp.Diagnostics.Append(rememberManaged(ctx, resp.Private, config.Settings)...)
	state := plan
	resp.Diagnostics.Append(state.take(ctx, org)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if org = finish(ctx, client, org, plan, wanted, &resp.Diagnostics); org == nil {
		return
	}
	resp.Diagnostics.Append(state.take(ctx, org)...)
	resp.Diagnostics.Append(state.reconcile(plan, namedSettings(config.Settings))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *organizationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, diags := r.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Before the read, which may find nothing: an identity is not to be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	org, err := client.GetOrganization(ctx, state.ID.ValueInt64())
	switch {
	case guardai.IsNotFound(err):
		resp.State.RemoveResource(ctx)
	case err != nil:
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to read organization %d", state.ID.ValueInt64()), err)
	default:
		resp.Diagnostics.Append(state.take(ctx, org)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

func (r *organizationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, config resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	managed, diags := managedSettings(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	client, diags := r.Client()
	resp.Diagnostics.Append(diags...)
	wanted, diags := settingsToSend(ctx, config.Settings)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	org, err := client.UpdateOrganization(ctx, plan.ID.ValueInt64(), guardai.OrganizationChange{
		Name:     plan.Name.ValueString(),
		Settings: guardai.SettingsChange{Set: wanted, Reset: released(managed, config.Settings)},
	})
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to update organization %d", plan.ID.ValueInt64()), err)
		return
	}
	state := plan
	resp.Diagnostics.Append(state.take(ctx, org)...)
	resp.Diagnostics.Append(state.reconcile(plan, namedSettings(config.Settings))...)
	// State that an older CLI wrote has no identity yet.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	resp.Diagnostics.Append(rememberManaged(ctx, resp.Private, config.Settings)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *organizationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, diags := r.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueInt64()
	if !state.ForceDestroy.ValueBool() {
		found, err := stored(ctx, client, id)
		switch {
		case guardai.IsNotFound(err):
			return
		case err != nil:
			component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to see what organization %d holds", id), err)
			return
		case len(found) > 0:
			resp.Diagnostics.AddError(fmt.Sprintf("Organization %d is not empty", id), refusal(state.Name.ValueString(), found))
			return
		}
	}
	if err := client.DeleteOrganization(ctx, id); err != nil && !guardai.IsNotFound(err) {
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to delete organization %d", id), err)
	}
}
