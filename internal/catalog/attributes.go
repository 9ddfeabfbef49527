// Package catalog offers what the platform defines for an organization: its assets,
// its transforms and its methods for the optimization of hyper-parameters.
package catalog

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

// organizationID is the argument of every data source of the catalog.
func organizationID() schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: "ID of the organization.", Required: true}
}

// jsonAttribute is an attribute for values that have no fixed form.
func jsonAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " as JSON for `jsondecode`, without white space, with sorted keys and every digit of its numbers.",
		Computed:            true,
		CustomType:          jsontypes.NormalizedType{},
	}
}
