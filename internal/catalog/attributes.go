// Package catalog offers what the platform defines for an organization: its
// assets, transforms and methods for the optimization of hyper-parameters. They
// are data sources, since the API has no call that changes any of it.
package catalog

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// organizationID is the argument of every data source of the catalog.
func organizationID() schema.Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "Id of the organization.",
		Required:            true,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
}

// jsonAttribute is an attribute for values that have no fixed form.
func jsonAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " as JSON for `jsondecode`, without white space, with sorted keys and every digit of its numbers.",
		Computed:            true,
		CustomType:          jsontypes.NormalizedType{},
	}
}
