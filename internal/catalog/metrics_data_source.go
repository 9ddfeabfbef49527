package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type metricModel struct {
	ID           types.String         `tfsdk:"id"`
	Name         types.String         `tfsdk:"name"`
	Description  types.String         `tfsdk:"description"`
	Enabled      types.Bool           `tfsdk:"enabled"`
	CodebaseName types.String         `tfsdk:"codebase_name"`
	MetricType   types.String         `tfsdk:"metric_type"`
	Tasks        []*string            `tfsdk:"tasks"`
	Params       jsontypes.Normalized `tfsdk:"params"`
}

// NewMetricsDataSource returns the data source guardai_metrics.
func NewMetricsDataSource() datasource.DataSource {
	return &dataSource{
		name: "metrics", action: "list the metrics", fetch: listOf("metrics", listMetrics, newMetricModel), ofPlatform: true,
		description: "Lists the custom metrics that the provider's user may see. The API doesn't report which organization a metric belongs to.",
		attributes: map[string]schema.Attribute{
			"metrics": listAttribute("The metrics", map[string]schema.Attribute{
				"id":            textAttribute("ID of the metric."),
				"name":          textAttribute("Name of the metric."),
				"description":   textAttribute("Description of the metric."),
				"enabled":       flagAttribute("Whether the metric can be used."),
				"codebase_name": textAttribute("Name of the metric's codebase."),
				"metric_type":   textAttribute("Type of the metric."),
				"tasks":         textsAttribute("Tasks of the metric"),
				"params":        jsonAttribute("Parameters of the metric, a list"),
			}),
		},
	}
}

func listMetrics(ctx context.Context, client *guardai.Client, _ int64) ([]guardai.MetricDefinition, error) {
	return client.ListMetrics(ctx)
}

func newMetricModel(metric guardai.MetricDefinition) (metricModel, error) {
	params, err := normalizedJSON(metric.Params)
	if err != nil {
		return metricModel{}, err
	}
	return metricModel{
		ID:           types.StringPointerValue(metric.UID),
		Name:         types.StringPointerValue(metric.Name),
		Description:  types.StringPointerValue(metric.Description),
		Enabled:      types.BoolPointerValue(metric.Enabled),
		CodebaseName: types.StringPointerValue(metric.CodebaseName),
		MetricType:   types.StringPointerValue(metric.MetricType),
		Tasks:        metric.Tasks,
		Params:       params,
	}, nil
}
