package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

var _ datasource.DataSourceWithConfigure = (*membersDataSource)(nil)

type membersDataSource struct{ component.DataSource }

// NewDataSource returns the data source guardai_organization_members.
func NewDataSource() datasource.DataSource { return &membersDataSource{} }

func (d *membersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_members"
}

func (d *membersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The members of an organization. It takes admin rights. " +
			"What it reads is personal data, and is in the state as it is: names, e-mail addresses, times of logins, and avatars where they are asked for.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.Int64Attribute{
				MarkdownDescription: "Id of the organization.",
				Required:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"include_avatars": schema.BoolAttribute{
				MarkdownDescription: "Whether to read `avatar` too, which can make the state large. Default: `false`.",
				Optional:            true,
			},
			"members": schema.ListNestedAttribute{
				MarkdownDescription: "The members, by ascending id. What the platform leaves out of a member is null.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: memberAttributes()},
			},
		},
	}
}

func memberAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the user."},
		"uid":              schema.StringAttribute{Computed: true, MarkdownDescription: "Identifier of the user, as text."},
		"name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the user."},
		"email":            schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the user."},
		"roles":            schema.StringAttribute{Computed: true, MarkdownDescription: "Roles of the user, in one string as the platform writes it."},
		"registered":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user is registered."},
		"license_accepted": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user has accepted the license."},
		"last_login_at":    schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the user last logged in, in RFC 3339 and UTC."},
		"time_used":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the user has used, in the platform's unit, which its documentation doesn't name."},
		"organization_ids": schema.ListAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "Ids of the organizations that the platform lists with the user, in ascending order."},
		"settings": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What the user has set.",
			Attributes: map[string]schema.Attribute{
				"favorite_projects": schema.ListAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "Ids of the user's favorite projects, in the platform's order."},
				"notifications":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user gets notifications."},
			},
		},
		"avatar": schema.StringAttribute{Computed: true, MarkdownDescription: "Picture of the user, in base64; null unless `include_avatars` is `true`."},
	}
}

func (d *membersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model arguments
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("organization_id"), &model.OrganizationID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("include_avatars"), &model.IncludeAvatars)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := model.OrganizationID.ValueInt64()
	members, err := client.ListMembers(ctx, id, model.IncludeAvatars.ValueBool())
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Root("organization_id"), fmt.Sprintf("Unable to list the members of organization %d", id), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model.state(members))...)
}
