package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ action.ActionWithConfigure  = (*refreshStatsAction)(nil)
	_ action.ActionWithModifyPlan = (*refreshStatsAction)(nil)
)

type refreshStatsAction struct{ component.Action }

type refreshStatsModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
}

// NewRefreshStatsAction returns the action guardai_organization_refresh_stats.
func NewRefreshStatsAction() action.Action { return &refreshStatsAction{} }

func (a *refreshStatsAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_refresh_stats"
}

func (a *refreshStatsAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Makes the platform recalculate the storage that an organization uses, and shows the result. Requires administrator rights and Terraform 1.14 or newer.\n\n" +
			"The data source `guardai_organization` exposes the same figures as `stats`.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization.",
				Required:            true,
			},
		},
	}
}

// ModifyPlan rejects an invalid id before anything is applied.
func (a *refreshStatsAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config refreshStatsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	config.OrganizationID.Check(path.Root("organization_id"), &resp.Diagnostics)
}

func (a *refreshStatsAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config refreshStatsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	at := path.Root("organization_id")
	id := config.OrganizationID.Int64(at, &resp.Diagnostics)
	client, ok := a.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	progress := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	progress("Recalculating the storage of organization %d", id)
	if err := client.RefreshStats(ctx, id); err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, fmt.Sprintf("Unable to refresh the stats of organization %d", id), err)
		return
	}
	progress("Recalculated; reading the result")
	org, err := client.GetOrganization(ctx, id)
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, fmt.Sprintf("Unable to read organization %d", id), err)
		return
	}
	progress("%s: %s", displayName(org), formatStats(org.Stats))
}

// formatStats uses the API's names, because it doesn't document the units.
func formatStats(stats guardai.Stats) string {
	var figures []string
	for _, figure := range []struct {
		name  string
		value *int64
	}{{"datasetStorage", stats.DatasetStorage}, {"projectStorage", stats.ProjectStorage}} {
		if figure.value != nil {
			figures = append(figures, fmt.Sprintf("%s %d", figure.name, *figure.value))
		}
	}
	if len(figures) == 0 {
		return "the platform reports no figures"
	}
	return strings.Join(figures, ", ")
}
