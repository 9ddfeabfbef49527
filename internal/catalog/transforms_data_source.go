package catalog

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*transformsDataSource)(nil)

type transformsDataSource struct{ component.DataSource }

// transformsModel is the data source's configuration and state.
type transformsModel struct {
	OrganizationID types.Int64      `tfsdk:"organization_id"`
	Transforms     []transformModel `tfsdk:"transforms"`
}

type transformModel struct {
	ID                    types.Int64          `tfsdk:"id"`
	Name                  types.String         `tfsdk:"name"`
	Description           types.String         `tfsdk:"description"`
	Enabled               types.Bool           `tfsdk:"enabled"`
	CodebaseName          types.String         `tfsdk:"codebase_name"`
	ConvertedTargetFormat types.String         `tfsdk:"converted_target_format"`
	TargetFormat          []*string            `tfsdk:"target_format"`
	Tasks                 []*string            `tfsdk:"tasks"`
	Params                jsontypes.Normalized `tfsdk:"params"`
	ApplyMapping          jsontypes.Normalized `tfsdk:"apply_mapping"`
}

// NewTransformsDataSource returns the data source guardai_organization_transforms.
func NewTransformsDataSource() datasource.DataSource { return &transformsDataSource{} }

func (d *transformsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_transforms"
}

func (d *transformsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The transforms that the platform defines for an organization.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationID(),
			"transforms": schema.ListNestedAttribute{
				MarkdownDescription: "The transforms, by ascending id. What the platform leaves out of a transform is null.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                      schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the transform."},
					"name":                    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the transform."},
					"description":             schema.StringAttribute{Computed: true, MarkdownDescription: "What the transform is for."},
					"enabled":                 schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the transform can be used."},
					"codebase_name":           schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the transform's codebase."},
					"converted_target_format": schema.StringAttribute{Computed: true, MarkdownDescription: "Target format after the conversion."},
					"target_format":           schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Target formats of the transform, in the platform's order."},
					"tasks":                   schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tasks of the transform, in the platform's order."},
					"params":                  jsonAttribute("Parameters of the transform, a list of objects,"),
					"apply_mapping":           jsonAttribute("Mapping by which the transform is applied, an object of objects,"),
				}},
			},
		},
	}
}

func (d *transformsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model transformsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := model.OrganizationID.ValueInt64()
	transforms, err := client.ListTransforms(ctx, id)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Root("organization_id"), fmt.Sprintf("Unable to list the transforms of organization %d", id), err)
		return
	}
	model.Transforms = transformsFrom(transforms, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// transformsFrom maps an answer to what the data source shows.
func transformsFrom(transforms []guardai.TransformDefinition, diags *diag.Diagnostics) []transformModel {
	models := make([]transformModel, 0, len(transforms))
	for _, transform := range transforms {
		models = append(models, transformModel{
			ID:                    types.Int64PointerValue(transform.ID),
			Name:                  types.StringPointerValue(transform.Name),
			Description:           types.StringPointerValue(transform.Description),
			Enabled:               types.BoolPointerValue(transform.Enabled),
			CodebaseName:          types.StringPointerValue(transform.CodebaseName),
			ConvertedTargetFormat: types.StringPointerValue(transform.ConvertedTargetFormat),
			TargetFormat:          transform.TargetFormat,
			Tasks:                 transform.Tasks,
			Params:                jsonText(transform.Params, diags),
			ApplyMapping:          jsonText(transform.ApplyMapping, diags),
		})
	}
	return models
}
