package member

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ list.ListResourceWithConfigure = (*memberResource)(nil)

type listModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
}

// NewListResource returns the list resource guardai_organization_member.
func NewListResource() list.ListResource { return &memberResource{} }

func (r *memberResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the members of one organization or of all organizations, by ascending IDs of organization and user, for `terraform query`. Requires administrator rights and Terraform 1.14 or newer.\n\n" +
			"Terraform lists at most 100 members unless you set `limit`. Listing takes one API call, even with `include_resource`.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization whose members to list. Default: all organizations.",
				Optional:            true,
			},
		},
	}
}

func (r *memberResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	var memberships []membership
	if client, ok := r.ReadyClient(&diags); ok {
		memberships = config.memberships(ctx, client, &diags)
	}
	component.StreamResults(req, stream, diags, memberships, func(m membership) list.ListResult { return m.result(ctx, req) })
}

// membership is a user in an organization.
type membership struct {
	organizationID int64
	// organization is the name of the organization, or its id if the platform omits the name.
	organization string
	user         *guardai.User
}

// memberships lists the members of the organization that the configuration names, or of all.
func (m *listModel) memberships(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) []membership {
	at := path.Root("organization_id")
	if m.OrganizationID.IsNull() {
		users, err := client.ListUsers(ctx)
		if err != nil {
			component.AddError(diags, "Unable to list the members of all organizations", err)
		}
		return membershipsOf(users)
	}
	id := m.OrganizationID.Int64(at, diags)
	if diags.HasError() {
		return nil
	}
	members, err := client.ListMembers(ctx, id, false)
	if err != nil {
		component.AddAttributeError(diags, at, "Unable to list the members of organization "+component.FormatID(id), err)
	}
	var memberships []membership
	for i := range members {
		if members[i].ID != nil {
			memberships = append(memberships, membership{id, nameOf(&members[i], id), &members[i]})
		}
	}
	return memberships
}

// nameOf returns the name of one of a user's organizations, or its id.
func nameOf(user *guardai.User, organizationID int64) string {
	for _, org := range user.Organizations {
		if org.ID != nil && *org.ID == organizationID && org.Name != nil {
			return *org.Name
		}
	}
	return "organization " + component.FormatID(organizationID)
}

// membershipsOf returns the memberships of users by ascending ids of organization and user. It omits those without an id.
func membershipsOf(users []guardai.User) []membership {
	var memberships []membership
	for i := range users {
		for _, org := range users[i].Organizations {
			if users[i].ID != nil && org.ID != nil {
				memberships = append(memberships, membership{*org.ID, nameOf(&users[i], *org.ID), &users[i]})
			}
		}
	}
	slices.SortStableFunc(memberships, func(a, b membership) int { return cmp.Compare(a.organizationID, b.organizationID) })
	return memberships
}

// result maps a membership to a query result.
func (m membership) result(ctx context.Context, req list.ListRequest) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s in %s", describe(m.user), m.organization)
	var model resourceModel
	model.fromAPI(m.organizationID, m.user)
	result.Diagnostics.Append(result.Identity.Set(ctx, model.identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
