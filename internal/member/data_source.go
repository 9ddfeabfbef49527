package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
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
	resp.Schema = dataSchema()
}

func dataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the members of an organization. Requires administrator rights. " +
			"State contains personal data in plain text: names, email addresses, login times and, if requested, avatars.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization.",
				Required:            true,
			},
			"include_avatars": schema.BoolAttribute{
				MarkdownDescription: "Whether to include `avatar`, which can make the state large. Default: `false`.",
				Optional:            true,
			},
			"members": schema.ListNestedAttribute{
				MarkdownDescription: "The members, by ascending ID. A field that the platform omits is null.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: memberAttributes()},
			},
		},
	}
}

func memberAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the user."},
		"uid":              schema.StringAttribute{Computed: true, MarkdownDescription: "Unique identifier of the user."},
		"name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the user."},
		"email":            schema.StringAttribute{Computed: true, MarkdownDescription: "Email address of the user."},
		"roles":            schema.StringAttribute{Computed: true, MarkdownDescription: "Roles of the user, as a single string in the platform's format."},
		"registered":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user is registered."},
		"license_accepted": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user has accepted the license."},
		"last_login_at":    schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "Time of the last login, in RFC 3339 format and UTC."},
		"time_used":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the user has used. The API documentation doesn't name the unit."},
		"organization_ids": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the organizations that the platform lists with the user, in ascending order."},
		"organizations": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Organizations that the platform lists with the user, by ascending ID.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the organization."},
				"name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the organization."},
			}},
		},
		"settings": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Settings of the user.",
			Attributes: map[string]schema.Attribute{
				"favorite_projects": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the user's favorite projects, in the platform's order."},
				"notifications":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user receives notifications."},
			},
		},
		"avatar": schema.StringAttribute{Computed: true, MarkdownDescription: "Picture of the user, in base64. Null unless `include_avatars` is `true`."},
	}
}

func (d *membersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model arguments
	at := path.Root("organization_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &model.OrganizationID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("include_avatars"), &model.IncludeAvatars)...)
	id := model.OrganizationID.Int64(at, &resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	members, err := client.ListMembers(ctx, id, model.IncludeAvatars.ValueBool())
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, "Unable to list the members of organization "+component.FormatID(id), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model.state(ctx, members))...)
}
