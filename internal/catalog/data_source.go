// Package catalog offers what the platform defines for an organization: its assets,
// its transforms and its methods for the optimization of hyper-parameters.
package catalog

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*dataSource[any])(nil)

// dataSource is any data source of the catalog. They differ in what they ask the client for and in the model that they
// put into state.
type dataSource[Model any] struct {
	component.DataSource
	// name follows guardai_organization_, and action says what is attempted, in errors.
	name, action string
	description  string
	// attributes are those besides organization_id.
	attributes map[string]schema.Attribute
	fetch      func(ctx context.Context, client *guardai.Client, organizationID int64) (Model, error)
}

func (d *dataSource[Model]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_" + d.name
}

func (d *dataSource[Model]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization_id": schema.StringAttribute{MarkdownDescription: "ID of the organization.", Required: true},
	}
	maps.Copy(attributes, d.attributes)
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: attributes}
}

func (d *dataSource[Model]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id types.String
	at := path.Root("organization_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	organizationID, err := component.ParseIDArgument(at, id)
	if err != nil {
		component.AddError(&resp.Diagnostics, at, "Invalid id", err)
		return
	}
	model, err := d.fetch(ctx, client, organizationID)
	if err != nil {
		component.AddError(&resp.Diagnostics, at, fmt.Sprintf("Unable to %s of organization %d", d.action, organizationID), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// jsonAttribute is an attribute for values that have no fixed form.
func jsonAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " as normalized JSON: no white space, sorted keys, numbers at full precision. Decode it with `jsondecode`.",
		Computed:            true,
		CustomType:          jsontypes.NormalizedType{},
	}
}

// text is a computed attribute that holds a string.
func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
