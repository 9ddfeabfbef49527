// Package definition implements the resources and the list resource for custom transforms and metrics, which work alike.
// Only this file knows how they differ.
package definition

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// kind describes a resource.
type kind struct {
	name guardai.DefinitionKind
	// description and params describe the resource and its parameters, and imported what an import checks.
	description, params, imported string
	paramsForm                    jsonForm
	// users names what can use a definition, and checks list it.
	users  string
	checks []check
	// attributes are those that only this kind has.
	attributes func() map[string]schema.Attribute
	newModel   func() model
}

// NewTransformResource returns the resource guardai_transform.
func NewTransformResource() resource.Resource { return &definitionResource{kind: transformKind} }

// NewTransformListResource returns the list resource guardai_transform.
func NewTransformListResource() list.ListResource { return &definitionResource{kind: transformKind} }

// NewMetricResource returns the resource guardai_metric.
func NewMetricResource() resource.Resource { return &definitionResource{kind: metricKind} }

var transformKind = kind{
	name:        guardai.TransformKind,
	description: "Manages a custom transform of an organization: its definition and its code file.",
	params:      "Parameters, a list of objects as JSON, such as `jsonencode([{ name = \"threshold\", default = 0.5 }])`.",
	paramsForm:  listOfObjects,
	users:       "project, model or dataset",
	checks:      []check{{"projects", projects}, {"models", models}, {"datasets", datasets}},
	imported:    "An import fails unless the organization and the provider's user both list the transform, because the organization's list contains the platform's own transforms, too.",
	attributes: func() map[string]schema.Attribute {
		return map[string]schema.Attribute{
			"target_format":           textsAttribute("Target formats."),
			"converted_target_format": textAttribute("Target format after the conversion."),
			"apply_mapping":           jsonAttribute("Mapping that the transform applies, an object of objects as JSON.", objectOfObjects),
		}
	},
	newModel: func() model {
		return &transformModel{commonModel: newCommonModel(), TargetFormat: types.SetNull(types.StringType)}
	},
}

var metricKind = kind{
	name:        guardai.MetricKind,
	description: "Manages a custom metric of an organization: its definition and its code file.",
	params:      "Parameters, a list as JSON, such as `jsonencode([{ name = \"threshold\", default = 0.5 }])`.",
	paramsForm:  anyList,
	users:       "project",
	checks:      []check{{"projects", projects}},
	imported: "The API doesn't report which organization a metric belongs to. An import therefore can't check the organization in the import ID: " +
		"with a wrong one, the provider looks for uses of the metric in the wrong organization before it destroys the metric.",
	attributes: func() map[string]schema.Attribute {
		return map[string]schema.Attribute{"metric_type": textAttribute("Type of the metric. The API documentation names no values.")}
	},
	newModel: func() model { return &metricModel{commonModel: newCommonModel()} },
}

// title is the name of a kind at the start of a sentence.
func title(name guardai.DefinitionKind) string {
	if name == guardai.MetricKind {
		return "Metric"
	}
	return "Transform"
}

type transformModel struct {
	commonModel
	TargetFormat          types.Set            `tfsdk:"target_format"`
	ConvertedTargetFormat types.String         `tfsdk:"converted_target_format"`
	ApplyMapping          jsontypes.Normalized `tfsdk:"apply_mapping"`
}

func (m *transformModel) fields() []field {
	return append(m.commonModel.fields(),
		field{"target_format", &m.TargetFormat}, field{"converted_target_format", &m.ConvertedTargetFormat}, field{"apply_mapping", &m.ApplyMapping})
}

type metricModel struct {
	commonModel
	MetricType types.String `tfsdk:"metric_type"`
}

func (m *metricModel) fields() []field {
	return append(m.commonModel.fields(), field{"metric_type", &m.MetricType})
}
