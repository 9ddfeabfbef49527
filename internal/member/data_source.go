// Package member implements the resource, the data sources, the list resource and the action for users and their
// membership of organizations.
package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

var _ datasource.DataSourceWithConfigure = (*membersDataSource)(nil)

type membersDataSource struct{ component.DataSource }

// NewMembersDataSource returns the data source guardai_organization_members.
func NewMembersDataSource() datasource.DataSource { return &membersDataSource{} }

func (d *membersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_members"
}

func (d *membersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataSchema()
}

func dataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the members of an organization. Requires administrator rights.\n\n" +
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
	attributes := userAttributes()
	attributes["avatar"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Picture of the user, in base64. Null unless `include_avatars` is `true`."}
	return attributes
}

func (d *membersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var organizationID component.IDValue
	var includeAvatars types.Bool
	at := path.Root("organization_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &organizationID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("include_avatars"), &includeAvatars)...)
	id := organizationID.Int64(at, &resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	members, err := client.ListMembers(ctx, id, includeAvatars.ValueBool())
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, "Unable to list the members of organization "+component.FormatID(id), err)
		return
	}
	state := component.ObjectType(ctx, dataSchema().Type())
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(state, map[string]tftypes.Value{
		"organization_id": tftypes.NewValue(tftypes.String, organizationID.ValueStringPointer()),
		"include_avatars": tftypes.NewValue(tftypes.Bool, includeAvatars.ValueBoolPointer()),
		"members":         listValue(state.AttributeTypes["members"], members, &resp.Diagnostics),
	}))...)
}
