package organization

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

func resourceSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "ID of the organization, assigned by the platform.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the organization. It must not be blank. Names need not be unique. A change renames the organization in place.",
			Required:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		sourceAttribute: schema.StringAttribute{
			MarkdownDescription: "ID of an organization to copy when this one is created, with its settings and files. Requires administrator rights. " +
				"If you change it later, the provider shows a warning and doesn't change the organization.",
			Optional: true,
		},
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether to destroy the organization even if it contains data or files, which are then lost. Set it to `true` and apply before you destroy the organization. Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"created_at": schema.StringAttribute{
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: "Time when the organization was created, in RFC 3339 format and UTC.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	}
	for _, s := range settings {
		attributes[s.attribute] = s.kind.resourceAttribute(s.description)
	}
	return schema.Schema{
		MarkdownDescription: "Manages an organization, which groups the users, datasets, projects and quotas of GuardAI.\n\n" +
			"The provider leaves settings that you omit as they are on the platform. If you remove a setting from the configuration, the provider resets it to the platform's default. " +
			"The exception is an imported organization to which you haven't applied a change yet: a setting that you remove keeps its value.",
		Attributes: attributes,
	}
}
