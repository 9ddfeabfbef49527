package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/framework"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ datasource.DataSourceWithConfigure        = (*organizationDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*organizationDataSource)(nil)
)

type organizationDataSource struct{ framework.DataSource }

// dataSourceModel is the data source's configuration and state.
type dataSourceModel struct {
	dataModel
	RefreshStats types.Bool `tfsdk:"refresh_stats"`
}

// NewDataSource returns the data source guardai_organization.
func NewDataSource() datasource.DataSource { return &organizationDataSource{} }

// Metadata implements datasource.DataSource.
func (d *organizationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization"
}

// Schema implements datasource.DataSource.
func (d *organizationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := dataAttributes()
	attributes["id"] = schema.Int64Attribute{
		MarkdownDescription: "Id of the organization. Exactly one of `id` and `name` must be set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the organization, in full; it must be the only one of that name. Looking up by name takes admin rights.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{framework.NotBlank()},
	}
	attributes["refresh_stats"] = schema.BoolAttribute{
		MarkdownDescription: "Whether to have the platform count `stats` and `time_used` anew before they are read, which takes admin rights. Default: `false`.",
		Optional:            true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An organization, by its id or its name, with the figures that change by themselves and that the resource therefore leaves out.",
		Attributes:          attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *organizationDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

// Read implements datasource.DataSource.
func (d *organizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	org := find(ctx, client, model, &resp.Diagnostics)
	if org != nil && model.RefreshStats.ValueBool() {
		org = refresh(ctx, client, org.ID, &resp.Diagnostics)
	}
	if org == nil {
		return
	}
	model.dataModel, diags = dataFrom(ctx, org)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// find returns the organization that the model names, or nil with an error.
func find(ctx context.Context, client *guardai.Client, model dataSourceModel, diags *diag.Diagnostics) *guardai.Organization {
	if model.ID.IsNull() {
		return findByName(ctx, client, model.Name.ValueString(), diags)
	}
	org, err := client.GetOrganization(ctx, model.ID.ValueInt64())
	if err != nil {
		framework.AddError(diags, path.Root("id"), fmt.Sprintf("Unable to read organization %d", model.ID.ValueInt64()), err)
		return nil
	}
	return org
}

func findByName(ctx context.Context, client *guardai.Client, name string, diags *diag.Diagnostics) *guardai.Organization {
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		framework.AddError(diags, path.Root("name"), fmt.Sprintf("Unable to look up organization %q", name), err)
		return nil
	}
	var found []*guardai.Organization
	for _, org := range organizations {
		if org.Name == name {
			found = append(found, org)
		}
	}
	switch len(found) {
	case 0:
		diags.AddAttributeError(path.Root("name"), "Organization not found", fmt.Sprintf(
			"None of the %d organizations is named %q. The name must be given in full and is case-sensitive.", len(organizations), name))
		return nil
	case 1:
		return found[0]
	}
	diags.AddAttributeError(path.Root("name"), "Organization name not unique", fmt.Sprintf(
		"%d organizations are named %q; their ids are %s. Set id instead of name.", len(found), name, ids(found)))
	return nil
}

func ids(organizations []*guardai.Organization) string {
	texts := make([]string, 0, len(organizations))
	for _, org := range organizations {
		texts = append(texts, fmt.Sprint(org.ID))
	}
	return strings.Join(texts, ", ")
}

// refresh has the stats counted anew and reads them, or returns nil with an error.
func refresh(ctx context.Context, client *guardai.Client, id int64, diags *diag.Diagnostics) *guardai.Organization {
	if err := client.RefreshStats(ctx, id); err != nil {
		framework.AddError(diags, path.Root("refresh_stats"), fmt.Sprintf("Unable to refresh the stats of organization %d", id), err)
		return nil
	}
	org, err := client.GetOrganization(ctx, id)
	if err != nil {
		framework.AddError(diags, path.Empty(), fmt.Sprintf("Unable to read organization %d", id), err)
		return nil
	}
	return org
}
