// Command idleprovider is a provider whose resources and data source have the schemas of organizations, memberships and a
// list of organizations, and do nothing: a plan of them takes the time of the protocol and the framework. With the
// environment variable EMPTY, it offers nothing, so its start takes the time of the framework.
package main

import (
	"context"
	"log"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	tfaddr "github.com/hashicorp/terraform-registry-address"

	"github.com/guardai/terraform-provider-guardai/internal/member"
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
	return []func() resource.Resource{
		func() resource.Resource { return idleResource{organization.NewResource()} },
		func() resource.Resource { return idleResource{member.NewResource()} },
	}
}

func (idleProvider) DataSources(context.Context) []func() datasource.DataSource {
	if os.Getenv("EMPTY") != "" {
		return nil
	}
	return []func() datasource.DataSource{func() datasource.DataSource { return idleList{organization.NewListDataSource()} }}
}

// idleList has the name and schema of the real data source, but none of its optional methods.
type idleList struct{ datasource.DataSource }

// Read returns as many objects as the environment variable COUNT says, of arbitrary values.
func (idleList) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	count, err := strconv.Atoi(os.Getenv("COUNT"))
	if err != nil {
		resp.Diagnostics.AddError("COUNT must be a number", err.Error())
		return
	}
	resp.State.Raw = arbitrary(req.Config.Schema.Type().TerraformType(ctx), count)
}

// arbitrary returns a value of a type, with count elements in lists of objects.
func arbitrary(t tftypes.Type, count int) tftypes.Value {
	switch t := t.(type) {
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for name, field := range t.AttributeTypes {
			fields[name] = arbitrary(field, count)
		}
		return tftypes.NewValue(t, fields)
	case tftypes.List:
		if !t.ElementType.Is(tftypes.Object{}) {
			return tftypes.NewValue(t, []tftypes.Value{})
		}
		elements := make([]tftypes.Value, 0, count)
		for range count {
			elements = append(elements, arbitrary(t.ElementType, 0))
		}
		return tftypes.NewValue(t, elements)
	}
	switch {
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 1)
	case t.Is(tftypes.String):
		return tftypes.NewValue(t, "2024-05-01T12:00:00Z")
	}
	return tftypes.NewValue(t, nil)
}

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
