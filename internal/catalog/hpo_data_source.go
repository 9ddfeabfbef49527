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

var _ datasource.DataSourceWithConfigure = (*hpoDataSource)(nil)

type hpoDataSource struct{ component.DataSource }

// hpoModel is the data source's configuration and state.
type hpoModel struct {
	OrganizationID types.Int64          `tfsdk:"organization_id"`
	HPODefinitions []hpoDefinitionModel `tfsdk:"hpo_definitions"`
}

type hpoDefinitionModel struct {
	ID          types.Int64          `tfsdk:"id"`
	Name        types.String         `tfsdk:"name"`
	Description types.String         `tfsdk:"description"`
	Enabled     types.Bool           `tfsdk:"enabled"`
	Params      jsontypes.Normalized `tfsdk:"params"`
}

// NewHPODataSource returns the data source guardai_organization_hpo_definitions.
func NewHPODataSource() datasource.DataSource { return &hpoDataSource{} }

func (d *hpoDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_hpo_definitions"
}

func (d *hpoDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The methods for the optimization of hyper-parameters (HPO) that the platform defines for an organization.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationID(),
			"hpo_definitions": schema.ListNestedAttribute{
				MarkdownDescription: "The methods, by ascending id. What the platform leaves out of a method is null.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the method."},
					"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the method."},
					"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the method is for."},
					"enabled":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the method can be used."},
					"params":      jsonAttribute("Parameters of the method, a list of objects,"),
				}},
			},
		},
	}
}

func (d *hpoDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model hpoModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := model.OrganizationID.ValueInt64()
	definitions, err := client.ListHPODefinitions(ctx, id)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Root("organization_id"), fmt.Sprintf("Unable to list the HPO definitions of organization %d", id), err)
		return
	}
	model.HPODefinitions = hpoDefinitionsFrom(definitions, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// hpoDefinitionsFrom maps an answer to what the data source shows.
func hpoDefinitionsFrom(definitions []guardai.HPODefinition, diags *diag.Diagnostics) []hpoDefinitionModel {
	models := make([]hpoDefinitionModel, 0, len(definitions))
	for _, definition := range definitions {
		models = append(models, hpoDefinitionModel{
			ID:          types.Int64PointerValue(definition.ID),
			Name:        types.StringPointerValue(definition.Name),
			Description: types.StringPointerValue(definition.Description),
			Enabled:     types.BoolPointerValue(definition.Enabled),
			Params:      jsonText(definition.Params, diags),
		})
	}
	return models
}
