package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*hpoDataSource)(nil)

type hpoDataSource struct{ component.DataSource }

// hpoModel is the data source's configuration and state.
type hpoModel struct {
	OrganizationID types.String         `tfsdk:"organization_id"`
	HPODefinitions []hpoDefinitionModel `tfsdk:"hpo_definitions"`
}

type hpoDefinitionModel struct {
	ID          types.String         `tfsdk:"id"`
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
		MarkdownDescription: "Lists the methods of hyperparameter optimization (HPO) that the platform defines for an organization.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationID(),
			"hpo_definitions": schema.ListNestedAttribute{
				MarkdownDescription: "The methods, by ascending ID. A field that the platform omits is null.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the method."},
					"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the method."},
					"description": schema.StringAttribute{Computed: true, MarkdownDescription: "Purpose of the method."},
					"enabled":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the method can be used."},
					"params":      jsonAttribute("Parameters of the method, a list of objects,"),
				}},
			},
		},
	}
}

func (d *hpoDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, &d.DataSource, req, resp, "list the HPO definitions", fetchHPODefinitions)
}

func fetchHPODefinitions(ctx context.Context, client *guardai.Client, organizationID int64) (hpoModel, error) {
	definitions, err := client.ListHPODefinitions(ctx, organizationID)
	if err != nil {
		return hpoModel{}, err
	}
	model := hpoModel{OrganizationID: component.ID(organizationID), HPODefinitions: []hpoDefinitionModel{}}
	for _, definition := range definitions {
		params, err := jsonText(definition.Params)
		if err != nil {
			return model, err
		}
		model.HPODefinitions = append(model.HPODefinitions, hpoDefinitionModel{
			ID:          types.StringPointerValue(component.FormatIDPointer(definition.ID)),
			Name:        types.StringPointerValue(definition.Name),
			Description: types.StringPointerValue(definition.Description),
			Enabled:     types.BoolPointerValue(definition.Enabled),
			Params:      params,
		})
	}
	return model, nil
}
