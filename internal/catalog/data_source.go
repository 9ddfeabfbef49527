package catalog

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// read is the Read of every data source of the catalog, which differ in what they ask
// the client for and in the model that they put into state. action says what is
// attempted, in errors.
func read[Model any](ctx context.Context, d *component.DataSource, req datasource.ReadRequest, resp *datasource.ReadResponse, action string,
	fetch func(ctx context.Context, client *guardai.Client, organizationID int64) (Model, error),
) {
	var id types.String
	at := path.Root("organization_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	organizationID, err := component.ParseIDArgument(at, id)
	if err != nil {
		component.AddError(&resp.Diagnostics, at, "Invalid id", err)
		return
	}
	model, err := fetch(ctx, client, organizationID)
	if err != nil {
		component.AddError(&resp.Diagnostics, at, fmt.Sprintf("Unable to %s of organization %d", action, organizationID), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
