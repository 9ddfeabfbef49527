package organizationfile

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

var _ datasource.DataSourceWithConfigure = (*usageDataSource)(nil)

type usageDataSource struct{ component.DataSource }

type usageModel struct {
	fileArguments
	ProjectIDs []string `tfsdk:"project_ids"`
}

// NewUsageDataSource returns the data source guardai_organization_file_usage.
func NewUsageDataSource() datasource.DataSource { return &usageDataSource{} }

func (d *usageDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_file_usage"
}

func (d *usageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := argumentAttributes()
	attributes["project_ids"] = schema.ListAttribute{
		MarkdownDescription: "IDs of the projects that use the file, in the platform's order.",
		Computed:            true,
		ElementType:         types.StringType,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the projects that use a file of an organization.",
		Attributes:          attributes,
	}
}

func (d *usageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var arguments fileArguments
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("organization_id"), &arguments.OrganizationID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("type"), &arguments.Type)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ref"), &arguments.Ref)...)
	key := arguments.key(&resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	projects, err := client.FileUsage(ctx, key)
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, path.Root("ref"),
			fmt.Sprintf("Unable to list the projects that use file %q of organization %s", key.Ref, component.FormatID(key.OrganizationID)), err)
		return
	}
	ids := make([]string, 0, len(projects))
	for _, id := range projects {
		ids = append(ids, component.FormatID(id))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, usageModel{fileArguments: arguments, ProjectIDs: ids})...)
}
