package conformance

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// fullProvider is a provider with all kinds of components.
type fullProvider interface {
	provider.Provider
	provider.ProviderWithEphemeralResources
	provider.ProviderWithListResources
	provider.ProviderWithActions
}

// kind describes the components of one kind.
type kind struct {
	// title is the kind's name in the changelog.
	title string
	// block is the kind's keyword in a configuration.
	block string
	// folder contains the kind's examples and pages.
	folder string
	// examples are the example files that tfplugindocs expects. The first one shows the component itself.
	examples []string
}

var (
	resourceKind = kind{
		title: "Resource", block: "resource", folder: "resources",
		examples: []string{"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"},
	}
	dataSourceKind = kind{
		title: "Data Source", block: "data", folder: "data-sources", examples: []string{"data-source.tf"},
	}
	ephemeralKind = kind{
		title: "Ephemeral Resource", block: "ephemeral", folder: "ephemeral-resources", examples: []string{"ephemeral-resource.tf"},
	}
	listKind = kind{
		title: "List Resource", block: "list", folder: "list-resources", examples: []string{"list-resource.tfquery.hcl"},
	}
	actionKind = kind{
		title: "Action", block: "action", folder: "actions", examples: []string{"action.tf"},
	}
	kinds = []kind{resourceKind, dataSourceKind, ephemeralKind, listKind, actionKind}
)

// component is a resource, data source or other component of the provider.
type component struct {
	kind
	// name is the type name, such as guardai_organization.
	name string
	// implementation is an instance of the component.
	implementation any
}

func (c component) String() string { return c.block + " " + c.name }

// components returns all components of a provider.
func components(ctx context.Context, p fullProvider) []component {
	var found []component
	request := resource.MetadataRequest{ProviderTypeName: providerName}
	for _, create := range p.Resources(ctx) {
		var response resource.MetadataResponse
		made := create()
		made.Metadata(ctx, request, &response)
		found = append(found, component{resourceKind, response.TypeName, made})
	}
	for _, create := range p.DataSources(ctx) {
		var response datasource.MetadataResponse
		made := create()
		made.Metadata(ctx, datasource.MetadataRequest(request), &response)
		found = append(found, component{dataSourceKind, response.TypeName, made})
	}
	for _, create := range p.EphemeralResources(ctx) {
		var response ephemeral.MetadataResponse
		made := create()
		made.Metadata(ctx, ephemeral.MetadataRequest(request), &response)
		found = append(found, component{ephemeralKind, response.TypeName, made})
	}
	for _, create := range p.ListResources(ctx) {
		var response resource.MetadataResponse
		made := create()
		made.Metadata(ctx, request, &response)
		found = append(found, component{listKind, response.TypeName, made})
	}
	for _, create := range p.Actions(ctx) {
		var response action.MetadataResponse
		made := create()
		made.Metadata(ctx, action.MetadataRequest(request), &response)
		found = append(found, component{actionKind, response.TypeName, made})
	}
	return found
}

// schemaOf returns a component's schema in the protocol, or nil.
func schemaOf(c component, schemas *tfprotov6.GetProviderSchemaResponse) *tfprotov6.Schema {
	switch c.block {
	case resourceKind.block:
		return schemas.ResourceSchemas[c.name]
	case dataSourceKind.block:
		return schemas.DataSourceSchemas[c.name]
	case ephemeralKind.block:
		return schemas.EphemeralResourceSchemas[c.name]
	case listKind.block:
		return schemas.ListResourceSchemas[c.name]
	}
	if found := schemas.ActionSchemas[c.name]; found != nil {
		return found.Schema
	}
	return nil
}
