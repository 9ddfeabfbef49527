package organization

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/framework"
)

var _ datasource.DataSourceWithConfigure = (*organizationsDataSource)(nil)

type organizationsDataSource struct{ framework.DataSource }

// organizationsModel is the data source's configuration and state.
type organizationsModel struct {
	NameRegex     types.String  `tfsdk:"name_regex"`
	Organizations []dataModel   `tfsdk:"organizations"`
	IDs           []types.Int64 `tfsdk:"ids"`
}

// NewListDataSource returns the data source guardai_organizations.
func NewListDataSource() datasource.DataSource { return &organizationsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *organizationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organizations"
}

// Schema implements datasource.DataSource.
func (d *organizationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All organizations of the platform, or those whose name matches, by ascending id. It takes admin rights.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "Regular expression (RE2) that a name must match somewhere; `^` and `$` match its ends. Left out, every organization is listed.",
				Optional:            true,
				Validators:          []validator.String{framework.RegularExpression()},
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

// Read implements datasource.DataSource.
func (d *organizationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model organizationsModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name_regex"), &model.NameRegex)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The validator has seen that it compiles; no value matches everything.
	matcher, err := regexp.Compile(model.NameRegex.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
		return
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		framework.AddError(&resp.Diagnostics, path.Empty(), "Unable to list organizations", err)
		return
	}
	model.Organizations, model.IDs = []dataModel{}, []types.Int64{}
	for _, org := range organizations {
		if !matcher.MatchString(org.Name) {
			continue
		}
		item, diags := dataFrom(ctx, org)
		resp.Diagnostics.Append(diags...)
		model.Organizations = append(model.Organizations, item)
		model.IDs = append(model.IDs, item.ID)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
