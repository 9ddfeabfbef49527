package organization

import (
	"context"
	"regexp"

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

// nameRegexDescription describes name_regex in the data source and the list resource.
const nameRegexDescription = "Regular expression (RE2) that the name must match. It may match any part of the name unless you anchor it with `^` and `$`. Default: all organizations."

var _ datasource.DataSourceWithConfigure = (*organizationsDataSource)(nil)

type organizationsDataSource struct{ component.DataSource }

// NewListDataSource returns the data source guardai_organizations.
func NewListDataSource() datasource.DataSource { return &organizationsDataSource{} }

func (d *organizationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organizations"
}

func (d *organizationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = listSchema()
}

func listSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the organizations of the platform by ascending ID. Requires administrator rights.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				MarkdownDescription: nameRegexDescription,
				Optional:            true,
				Validators:          []validator.String{component.RegularExpression()},
			},
			"organizations": schema.ListNestedAttribute{
				MarkdownDescription: "The organizations.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataAttributes()},
			},
			"ids": schema.ListAttribute{
				MarkdownDescription: "IDs of the organizations, in the order of `organizations`.",
				Computed:            true,
				ElementType:         types.StringType,
			},
		},
	}
}

func (d *organizationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var nameRegex types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name_regex"), &nameRegex)...)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	organizations := listMatching(ctx, client, nameRegex, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for _, org := range organizations {
		warnMalformed(org, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, listState(ctx, nameRegex, organizations))...)
}

func listState(ctx context.Context, nameRegex types.String, organizations []*guardai.Organization) tftypes.Value {
	mapper := newDataMapper(ctx)
	state := component.ObjectType(ctx, listSchema().Type())
	values := make([]tftypes.Value, 0, len(organizations))
	ids := make([]string, 0, len(organizations))
	for _, org := range organizations {
		values = append(values, tftypes.NewValue(mapper.organization, mapper.fields(org)))
		ids = append(ids, component.FormatID(org.ID))
	}
	return tftypes.NewValue(state, map[string]tftypes.Value{
		"name_regex":    tftypes.NewValue(tftypes.String, nameRegex.ValueStringPointer()),
		"organizations": tftypes.NewValue(state.AttributeTypes["organizations"], values),
		"ids":           component.CollectionValue(state.AttributeTypes["ids"], tftypes.String, ids),
	})
}

// listMatching returns the organizations whose name matches a regular expression, by ascending id; all of them if it is
// null.
func listMatching(ctx context.Context, client *guardai.Client, nameRegex types.String, diags *diag.Diagnostics) []*guardai.Organization {
	matcher, err := regexp.Compile(nameRegex.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
		return nil
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		component.AddError(diags, "Unable to list organizations", err)
		return nil
	}
	var matches []*guardai.Organization
	for _, org := range organizations {
		if guardai.MatchesName(matcher, org.Name) {
			matches = append(matches, org)
		}
	}
	return matches
}
