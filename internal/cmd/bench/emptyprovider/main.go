// Command emptyprovider is a provider that offers nothing. What it takes to start is
// what the framework takes.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	tfaddr "github.com/hashicorp/terraform-registry-address"
)

func main() {
	address := tfaddr.Provider{Hostname: tfaddr.DefaultProviderRegistryHost, Namespace: "guardai", Type: "empty"}
	opts := providerserver.ServeOpts{Address: address.String(), ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return emptyProvider{} }, opts); err != nil {
		log.Fatal(err)
	}
}

type emptyProvider struct{}

func (emptyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "empty"
}

func (emptyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (emptyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (emptyProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (emptyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
