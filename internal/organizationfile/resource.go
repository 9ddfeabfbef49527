package organizationfile

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ resource.ResourceWithConfigure   = (*fileResource)(nil)
	_ resource.ResourceWithIdentity    = (*fileResource)(nil)
	_ resource.ResourceWithImportState = (*fileResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*fileResource)(nil)
)

type fileResource struct{ component.Resource }

// NewResource returns the resource guardai_organization_file.
func NewResource() resource.Resource { return &fileResource{} }

func (r *fileResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_file"
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *fileResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

func (r *fileResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id": identityschema.StringAttribute{CustomType: component.IDType{}, Description: "ID of the organization.", RequiredForImport: true},
		"type":            identityschema.StringAttribute{Description: "Type of the file.", RequiredForImport: true},
		"ref":             identityschema.StringAttribute{Description: "Reference that the platform assigned to the file.", RequiredForImport: true},
	}}
}

func (r *fileResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	plan.ID = types.StringNull()
	content, ok := plan.content().ForUpload(ctx, plan.ContentSHA256, plan.Size, &resp.Diagnostics)
	if !ok || !plan.upload(ctx, client, content, types.StringNull(), &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	plan.confirm(ctx, client, true, true, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *fileResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	key := state.key(&resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	// Set before the read, which may find nothing, because the identity must not be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	err := state.refresh(ctx, client, key)
	switch {
	case guardai.IsNotFound(err):
		if state.justImported() {
			resp.Diagnostics.AddError("File not found", fmt.Sprintf("The platform has no file %s.", state.ID.ValueString()))
		} else {
			resp.Diagnostics.AddWarning("The file no longer exists", fmt.Sprintf(
				"The platform no longer has the file %s with the name %s, so the provider removed it from state. If the configuration still contains it, the plan creates it again.", state.ID.ValueString(), state.Name))
		}
		resp.State.RemoveResource(ctx)
	case err != nil:
		component.AddError(&resp.Diagnostics, "Unable to read file "+state.ID.ValueString(), err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update uploads new content, then renames the file, then confirms both, and saves each step to state.
func (r *fileResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	if plan.ContentSHA256.IsUnknown() && config.content().IgnoresSource(plan.content()) {
		plan.ContentSHA256, plan.Size = state.ContentSHA256, state.Size
	}
	name := plan.Name
	plan.Name, plan.Ref, plan.ID, plan.ContentType = state.Name, state.Ref, state.ID, state.ContentType
	save := func() {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
	uploaded, ok := plan.updateContent(ctx, client, state, name, &resp.Diagnostics)
	if !ok {
		return
	}
	save()
	renamed, ok := plan.rename(ctx, client, name, &resp.Diagnostics)
	if ok && (uploaded || renamed) {
		save()
		plan.confirm(ctx, client, false, uploaded, &resp.Diagnostics)
		save()
	}
}

func (r *fileResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	key := state.key(&resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	destroy(ctx, client, key, state, &resp.Diagnostics)
}
