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
			MarkdownDescription: "Name of the organization. It must not be blank, and need not be unique. A change renames the organization in place.",
			Required:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		sourceAttribute: schema.StringAttribute{
			MarkdownDescription: "ID of an organization to copy, with its settings and files, when this one is created. It has no effect afterwards: " +
				"an existing organization stays when it changes or is removed, and a change gives a warning. Copying requires administrator rights.",
			Optional: true,
		},
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether the organization may be destroyed while the platform reports stored data or files in it, all of which is lost. It must be applied before the destroy. Default: `false`.",
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
		MarkdownDescription: "An organization, which groups the users, datasets, projects and quotas of GuardAI.\n\n" +
			"A setting that the configuration never named is left as the platform has it, whoever changes it. A setting that is removed from the configuration returns to the platform's default.\n\n" +
			"The provider remembers which settings a configuration names when it applies a change. After an import that changes nothing, a setting that you remove before the first change is left as it is.",
		Attributes: attributes,
	}
}
