package organization

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*organizationsDataSource)(nil)

type organizationsDataSource struct{ component.DataSource }

var (
	dataListType      = tftypes.List{ElementType: dataType}
	idsType           = tftypes.List{ElementType: tftypes.Number}
	organizationsType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name_regex":    tftypes.String,
		"organizations": dataListType,
		"ids":           idsType,
	}}
)

// NewListDataSource returns the data source guardai_organizations.
func NewListDataSource() datasource.DataSource { return &organizationsDataSource{} }

func (d *organizationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organizations"
}

func (d *organizationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All organizations of the platform, or those whose name matches, by ascending id. It takes admin rights.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "Regular expression (RE2) that a name must match somewhere; `^` and `$` match its ends. Left out, every organization is listed.",
				Optional:            true,
				Validators:          []validator.String{component.RegularExpression()},
			},
			"organizations": schema.ListNestedAttribute{
				MarkdownDescription: "The organizations.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataAttributes()},
			},
			"ids": schema.ListAttribute{
				MarkdownDescription: "Their ids, in the same order.",
				Computed:            true,
				ElementType:         types.Int64Type,
			},
		},
	}
}

func (d *organizationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var nameRegex types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name_regex"), &nameRegex)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The validator has seen that it compiles; no value matches everything.
	matcher, err := regexp.Compile(nameRegex.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
		return
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), "Unable to list organizations", err)
		return
	}
	var matching []*guardai.Organization
	for _, org := range organizations {
		if matcher.MatchString(org.Name) {
			matching = append(matching, org)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, organizationsState(nameRegex, matching))...)
}

// organizationsState maps what was found to the data source's state.
func organizationsState(nameRegex types.String, organizations []*guardai.Organization) tftypes.Value {
	values := make([]tftypes.Value, 0, len(organizations))
	ids := make([]int64, 0, len(organizations))
	for _, org := range organizations {
		values = append(values, tftypes.NewValue(dataType, dataFields(org)))
		ids = append(ids, org.ID)
	}
	return tftypes.NewValue(organizationsType, map[string]tftypes.Value{
		"name_regex":    tftypes.NewValue(tftypes.String, nameRegex.ValueStringPointer()),
		"organizations": tftypes.NewValue(dataListType, values),
		"ids":           component.CollectionValue(idsType, tftypes.Number, ids),
	})
}
