package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ resource.ResourceWithConfigure   = (*memberResource)(nil)
	_ resource.ResourceWithIdentity    = (*memberResource)(nil)
	_ resource.ResourceWithImportState = (*memberResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*memberResource)(nil)
)

type memberResource struct{ component.Resource }

// NewResource returns the resource guardai_organization_member.
func NewResource() resource.Resource { return &memberResource{} }

type resourceModel struct {
	ID             types.String      `tfsdk:"id"`
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	UserID         component.IDValue `tfsdk:"user_id"`
	Email          types.String      `tfsdk:"email"`
	Name           types.String      `tfsdk:"name"`
	Registered     types.Bool        `tfsdk:"registered"`
}

type identityModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	UserID         component.IDValue `tfsdk:"user_id"`
}

func (r *memberResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_member"
}

func (r *memberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Makes a user a member of an organization. Requires administrator rights.\n\n" +
			"Other members of the organization, and other memberships of the user, stay as they are. If the user is a member already, the resource adopts the membership. " +
			"The API can write a user only as a whole, so the provider reads the user, sends everything back, and compares the result. " +
			"Values of `roles` are documented nowhere, so the provider never changes them: it only reads them, in the data sources.\n\n" +
			"~> The API can't detect that someone else changes the same user between that read and the write. Don't manage memberships of one user in two places at the same time.\n\n" +
			"If a user is in no organization yet, a platform may omit the user's list of organizations. The provider then refuses to write the user, because it can't rule out that memberships would end: add a first one in GuardAI's web interface.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "`ORGANIZATION_ID/USER_ID`.",
				Computed:            true,
			},
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization. A change replaces the membership.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"user_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the user. At least one of `user_id` and `email` must be set. If you name another user, Terraform plans a new membership in place of the old one.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.AtLeastOneOf(path.MatchRoot("user_id"), path.MatchRoot("email"))},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "Email address of the user, regardless of case. If no user or more than one has it, the plan fails. With another user's address, Terraform plans a new membership in place of the old one.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{component.NotBlank()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the user.",
				Computed:            true,
			},
			"registered": schema.BoolAttribute{
				MarkdownDescription: "Whether the user is registered.",
				Computed:            true,
			},
		},
	}
}

func (r *memberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id": identityschema.StringAttribute{CustomType: component.IDType{}, Description: "ID of the organization.", RequiredForImport: true},
		"user_id":         identityschema.StringAttribute{CustomType: component.IDType{}, Description: "ID of the user.", RequiredForImport: true},
	}}
}

func (r *memberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	organizationID, userID := plan.ids(&resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	user, err := client.AddMember(ctx, organizationID, userID)
	switch {
	case guardai.IsNotFound(err):
		addNoUser(&resp.Diagnostics, path.Root("user_id"), fmt.Sprintf("The platform has no user with the id %d any more.", userID))
	case err != nil:
		component.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to make user %d a member of organization %d", userID, organizationID), err)
	default:
		email := plan.Email
		plan.fromAPI(organizationID, user)
		if !email.IsUnknown() {
			plan.Email = email // If it changed since the plan, the next refresh shows that.
		}
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

func (r *memberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Set before the read, which may find nothing, because the identity must not be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if user := r.membership(ctx, state, &resp.Diagnostics); user != nil {
		state.fromAPI(0, user)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	} else if !resp.Diagnostics.HasError() {
		resp.State.RemoveResource(ctx)
	}
}

// membership returns the member, or nil if the membership is gone or can't be read.
func (r *memberResource) membership(ctx context.Context, state resourceModel, diags *diag.Diagnostics) *guardai.User {
	organizationID, userID := state.ids(diags)
	client, ok := r.ReadyClient(diags)
	if !ok {
		return nil
	}
	user, err := client.Membership(ctx, organizationID, userID)
	if err != nil {
		component.AddError(diags, fmt.Sprintf("Unable to read whether user %d is a member of organization %d", userID, organizationID), err)
	}
	return user
}

// Update writes nothing to the platform: a plan that changes something replaces the membership.
func (r *memberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *memberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	organizationID, userID := state.ids(&resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	if err := client.RemoveMember(ctx, organizationID, userID); err != nil && !guardai.IsNotFound(err) {
		component.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to remove user %d from organization %d", userID, organizationID), err)
	}
}

// fromAPI takes over what the platform reports. organizationID is 0 for a membership that is in state. An email address
// that differs only in case, or that the platform omits, stays as it is.
func (m *resourceModel) fromAPI(organizationID int64, user *guardai.User) {
	if organizationID != 0 {
		m.OrganizationID = component.ID(organizationID)
	}
	m.UserID = component.OptionalID(user.ID)
	m.ID = types.StringValue(m.OrganizationID.ValueString() + "/" + m.UserID.ValueString())
	if m.Email.IsUnknown() || m.Email.IsNull() || (user.Email != nil && !user.HasEmail(m.Email.ValueString())) {
		m.Email = types.StringPointerValue(user.Email)
	}
	m.Name, m.Registered = types.StringPointerValue(user.Name), types.BoolPointerValue(user.Registered)
}

func (m *resourceModel) identity() identityModel {
	return identityModel{OrganizationID: m.OrganizationID, UserID: m.UserID}
}

// ids returns the ids in state or in a plan that knows them.
func (m *resourceModel) ids(diags *diag.Diagnostics) (organizationID, userID int64) {
	return m.OrganizationID.Int64(path.Root("organization_id"), diags), m.UserID.Int64(path.Root("user_id"), diags)
}
