// Package organization implements the resource, the data sources, the list resource and the action for organizations.
package organization

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages an organization, which groups the users, datasets, projects and quotas of GuardAI.\n\n" +
			"The provider leaves settings that you omit as they are on the platform. If you remove a setting from the configuration, it keeps its value. To change it back, set it.\n\n" +
			"!> With `force_destroy = true`, a destroy checks nothing, and deletes the organization with its data.\n\n" +
			"Without it, the provider destroys an organization only if it is empty. It refuses while the organization has members other than the provider's own user, projects, models, datasets that aren't predefined, custom transforms, files or stored data, " +
			"and lists them. It also refuses if a check fails, for example because the platform doesn't respond.\n\n" +
			"It skips, without a warning, what its user isn't allowed to list (status 403). Without administrator rights, it can't check members, and uses the storage figures that the platform last calculated. " +
			"It doesn't see files of other types than `classmapping`, because the platform doesn't list them, nor custom metrics, because the API doesn't report which organization they belong to.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization, assigned by the platform.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the organization. It must not be blank. Names need not be unique, but if an organization of this name exists when you create one, the plan shows a warning. A change renames the organization in place.",
				Required:            true,
				Validators:          []validator.String{component.NotBlank()},
			},
			"disabled_features": schema.SetAttribute{
				MarkdownDescription: descriptions["disabled_features"] + " If you set another name, the provider shows a warning and sends it to the platform. An empty set enables all features.",
				Optional:            true,
				Computed:            true,
				ElementType:         types.StringType,
				Validators:          []validator.Set{setvalidator.NoNullValues()},
				PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			},
			"max_item_count":     quotaAttribute("max_item_count"),
			"max_time_allocated": quotaAttribute("max_time_allocated"),
			"max_time_per_task":  quotaAttribute("max_time_per_task"),
			sourceAttribute: schema.StringAttribute{
				CustomType: component.IDType{},
				MarkdownDescription: "ID of an organization to copy when this one is created, with its settings and files. Requires administrator rights. " +
					"If you change it later, the provider shows a warning and doesn't change the organization.",
				Optional: true,
			},
			"force_destroy": schema.BoolAttribute{
				MarkdownDescription: "Whether to destroy the organization without a check, with everything in it. Set it to `true` and apply before you destroy the organization. Default: `false`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
			},
			"created_at": schema.StringAttribute{
				CustomType:          timetypes.RFC3339Type{},
				MarkdownDescription: "Time when the organization was created, in RFC 3339 format and UTC.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

// descriptions describe the settings in the resource and in the data sources.
var descriptions = map[string]string{
	"disabled_features":  "Disabled features of the organization. The API documentation names `ADV_CRAFTING`, `EVALUATION` and `ROBUSTNESS`.",
	"max_item_count":     "Maximum number of items.",
	"max_time_allocated": "Total time that the organization may use. [GuardAI's API documentation](https://github.com/navinfoeurope/guardai-api) doesn't name the unit.",
	"max_time_per_task":  "Time that a single task may use. The API documentation doesn't name the unit.",
}

// quotaAttribute returns a 32-bit number, for which the API documents no lower bound.
func quotaAttribute(name string) schema.NumberAttribute {
	return schema.NumberAttribute{
		MarkdownDescription: descriptions[name] + " Must be a whole number.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Number{component.WholeNumber(math.MinInt32, math.MaxInt32)},
		PlanModifiers:       []planmodifier.Number{numberplanmodifier.UseStateForUnknown()},
	}
}

func (r *organizationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{CustomType: component.IDType{}, Description: "ID of the organization.", RequiredForImport: true},
		},
	}
}

// Create saves the new organization to state before it completes it, so that a later failure leaves no orphan.
func (r *organizationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	change := plan.settingsChange(emptyModel())
	org := plan.create(ctx, client, change, &resp.Diagnostics)
	if org == nil {
		return
	}
	state := plan
	_ = state.fromAPI(org) // Reported below, because the organization exists anyway.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	org, err := plan.complete(ctx, client, org.ID, change, &resp.Diagnostics)
	if err == nil {
		err = state.fromAPI(org)
	}
	if err != nil {
		component.AddError(&resp.Diagnostics, "Unable to complete new organization "+state.ID.ValueString(), err)
		return
	}
	state.reconcile(plan, change, true, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *organizationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id := state.ID.Int64(path.Root("id"), &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	// Set before the read, which may find nothing, because the identity must not be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	org, err := client.GetOrganization(ctx, id)
	if guardai.IsNotFound(err) {
		state.reportMissing(&resp.Diagnostics)
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		err = state.fromAPI(org)
	}
	if err != nil {
		component.AddError(&resp.Diagnostics, "Unable to read organization "+state.ID.ValueString(), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *organizationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id := state.ID.Int64(path.Root("id"), &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	change := plan.settingsChange(state)
	updated, err := plan.update(ctx, client, id, state, change)
	if err != nil {
		component.AddError(&resp.Diagnostics, "Unable to update organization "+plan.ID.ValueString(), err)
		return
	}
	updated.reconcile(plan, change, false, &resp.Diagnostics)
	// State from an older CLI has no identity yet.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: updated.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, updated)...)
}

func (r *organizationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	id := state.ID.Int64(path.Root("id"), &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	destroy(ctx, client, id, state.ForceDestroy.ValueBool(), &resp.Diagnostics)
}

// ImportState imports by id, name or identity. It sets only the id; the read that follows fills in the rest.
func (r *organizationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := r.importedID(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), id)...)
}

// importedID returns the id to import. In an import id, digits are an id, and anything else is a name.
func (r *organizationResource) importedID(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) component.IDValue {
	text := req.ID
	if text == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		if problems := req.Identity.Get(ctx, &identity); problems.HasError() {
			addInvalidImport(diags, problems[0].Detail())
			return identity.ID
		}
		text = identity.ID.ValueString()
	} else if strings.Trim(text, "0123456789") != "" {
		return r.idByName(ctx, text, diags)
	}
	id, err := component.ParseID(text)
	if err != nil {
		addInvalidImport(diags, err.Error())
	}
	return component.ID(id)
}

func (r *organizationResource) idByName(ctx context.Context, name string, diags *diag.Diagnostics) component.IDValue {
	client, ok := r.ReadyClient(diags)
	if !ok {
		return component.IDValue{}
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		component.AddError(diags, fmt.Sprintf("Unable to import organization %q", name), err)
		return component.IDValue{}
	}
	org := findByName(organizations, path.Empty(), name, diags)
	if org == nil {
		return component.IDValue{}
	}
	return component.ID(org.ID)
}

func addInvalidImport(diags *diag.Diagnostics, problem string) {
	diags.AddError("Invalid import id", problem+". The import ID of an organization is its ID, such as 42, or its name if only one organization has that name.")
}
