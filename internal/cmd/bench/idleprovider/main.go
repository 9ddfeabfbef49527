// Command idleprovider is a provider with one resource that has the schema of an organization and does nothing: a plan
// of it takes the time of the protocol and the framework. With the environment variable EMPTY, it offers nothing, so
// its start takes the time of the framework.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	tfaddr "github.com/hashicorp/terraform-registry-address"

	"github.com/guardai/terraform-provider-guardai/internal/organization"
)

func main() {
	address := tfaddr.Provider{Hostname: tfaddr.DefaultProviderRegistryHost, Namespace: "guardai", Type: "guardai"}
	opts := providerserver.ServeOpts{Address: address.String(), ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return idleProvider{} }, opts); err != nil {
		log.Fatal(err)
	}
}

type idleProvider struct{}

func (idleProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "guardai"
}

func (idleProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (idleProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (idleProvider) Resources(context.Context) []func() resource.Resource {
	if os.Getenv("EMPTY") != "" {
		return nil
	}
	return []func() resource.Resource{func() resource.Resource { return idleResource{organization.NewResource()} }}
}

func (idleProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// idleResource has the name and schema of the real resource, but none of its optional methods.
type idleResource struct{ resource.Resource }

// Create sets unknown values to arbitrary ones.
func (idleResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	raw, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		switch {
		case value.IsKnown():
			return value, nil
		case value.Type().Is(tftypes.Number):
			return tftypes.NewValue(tftypes.Number, 1), nil
		case value.Type().Is(tftypes.String):
			return tftypes.NewValue(tftypes.String, "2024-05-01T12:00:00Z"), nil
		default:
			return tftypes.NewValue(value.Type(), nil), nil
		}
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to create", err.Error())
		return
	}
	resp.State.Raw = raw
}

func (idleResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (idleResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (idleResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
