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

type transformModel struct {
	ID                    component.IDValue    `tfsdk:"id"`
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
func NewTransformsDataSource() datasource.DataSource {
	return &dataSource{
		name: "organization_transforms", action: "list the transforms", fetch: listOf("transforms", listTransforms, newTransformModel),
		description: "Lists the transforms that the platform defines for an organization.",
		attributes: map[string]schema.Attribute{
			"transforms": listAttribute("The transforms", map[string]schema.Attribute{
				"id":                      idAttribute("ID of the transform."),
				"name":                    textAttribute("Name of the transform."),
				"description":             textAttribute("Description of the transform."),
				"enabled":                 flagAttribute("Whether the transform can be used."),
				"codebase_name":           textAttribute("Name of the transform's codebase."),
				"converted_target_format": textAttribute("Target format after the conversion."),
				"target_format":           textsAttribute("Target formats of the transform"),
				"tasks":                   textsAttribute("Tasks of the transform"),
				"params":                  jsonAttribute("Parameters of the transform, a list of objects"),
				"apply_mapping":           jsonAttribute("Mapping that the transform applies, an object of objects"),
			}),
		},
	}
}

func listTransforms(ctx context.Context, client *guardai.Client, organizationID int64) ([]guardai.TransformDefinition, error) {
	return client.ListTransforms(ctx, organizationID)
}

func newTransformModel(transform guardai.TransformDefinition) (transformModel, error) {
	params, err := normalizedJSON(transform.Params)
	if err != nil {
		return transformModel{}, err
	}
	applyMapping, err := normalizedJSON(transform.ApplyMapping)
	if err != nil {
		return transformModel{}, err
	}
	return transformModel{
		ID:                    component.OptionalID(transform.ID),
		Name:                  types.StringPointerValue(transform.Name),
		Description:           types.StringPointerValue(transform.Description),
		Enabled:               types.BoolPointerValue(transform.Enabled),
		CodebaseName:          types.StringPointerValue(transform.CodebaseName),
		ConvertedTargetFormat: types.StringPointerValue(transform.ConvertedTargetFormat),
		TargetFormat:          transform.TargetFormat,
		Tasks:                 transform.Tasks,
		Params:                params,
		ApplyMapping:          applyMapping,
	}, nil
}
