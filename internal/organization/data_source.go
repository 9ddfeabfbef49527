package organization

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ datasource.DataSourceWithConfigure        = (*organizationDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*organizationDataSource)(nil)
)

type organizationDataSource struct{ component.DataSource }

// dataArguments are what the data source takes.
type dataArguments struct {
	ID           types.Int64
	Name         types.String
	RefreshStats types.Bool
}

// NewDataSource returns the data source guardai_organization.
func NewDataSource() datasource.DataSource { return &organizationDataSource{} }

func (d *organizationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization"
}

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
		Validators:          []validator.String{component.NotBlank()},
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

func (d *organizationDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *organizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var args dataArguments
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &args.ID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &args.Name)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("refresh_stats"), &args.RefreshStats)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	org := find(ctx, client, args, &resp.Diagnostics)
	if org != nil && args.RefreshStats.ValueBool() {
		org = refresh(ctx, client, org.ID, &resp.Diagnostics)
	}
	if org == nil {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, args.state(org))...)
}

// state maps an answer to the data source's state.
func (a dataArguments) state(org *guardai.Organization) tftypes.Value {
	fields, fieldTypes := dataFields(org), maps.Clone(dataType.AttributeTypes)
	fields["refresh_stats"], fieldTypes["refresh_stats"] = tftypes.NewValue(tftypes.Bool, a.RefreshStats.ValueBoolPointer()), tftypes.Bool
	return tftypes.NewValue(tftypes.Object{AttributeTypes: fieldTypes}, fields)
}

// find returns the organization that the arguments name, or nil with an error.
func find(ctx context.Context, client *guardai.Client, args dataArguments, diags *diag.Diagnostics) *guardai.Organization {
	if args.ID.IsNull() {
		return findByName(ctx, client, args.Name.ValueString(), diags)
	}
	org, err := client.GetOrganization(ctx, args.ID.ValueInt64())
	if err != nil {
		component.AddError(diags, path.Root("id"), fmt.Sprintf("Unable to read organization %d", args.ID.ValueInt64()), err)
		return nil
	}
	return org
}

func findByName(ctx context.Context, client *guardai.Client, name string, diags *diag.Diagnostics) *guardai.Organization {
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		component.AddError(diags, path.Root("name"), fmt.Sprintf("Unable to look up organization %q", name), err)
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
		component.AddError(diags, path.Root("refresh_stats"), fmt.Sprintf("Unable to refresh the stats of organization %d", id), err)
		return nil
	}
	org, err := client.GetOrganization(ctx, id)
	if err != nil {
		component.AddError(diags, path.Empty(), fmt.Sprintf("Unable to read organization %d", id), err)
		return nil
	}
	return org
}
