package organization

import (
	"math"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// features are the features that an organization can be denied, as the contract
// names them.
var features = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

func resourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An organization: what groups the users, datasets, projects and quotas of GuardAI.\n\n" +
			"Settings that the configuration doesn't name are left as the platform has them, whoever changes them; one that is removed from the configuration returns to the platform's default.\n\n" +
			"Which settings a configuration named is remembered when it is applied with a change. After an import that changed nothing, that hasn't happened yet: a setting that is removed before the first change is left as it is.",
		Attributes: map[string]schema.Attribute{
			"id": schema.Int64Attribute{
				MarkdownDescription: "Id of the organization, given by the platform.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the organization. It must not be blank; the platform doesn't ask that it be unique. A change renames in place.",
				Required:            true,
				Validators:          []validator.String{component.NotBlank()},
			},
			"settings": settingsSchema(),
			"source_organization_id": schema.Int64Attribute{
				MarkdownDescription: "Id of an organization to create this one from, as a copy with its settings and files. Copying takes admin rights. " +
					"A change replaces the organization, except where state has no source, as after an import: then it is only recorded.",
				Optional:      true,
				Validators:    []validator.Int64{int64validator.AtLeast(1)},
				PlanModifiers: []planmodifier.Int64{replaceUnlessImported()},
			},
			"force_destroy": schema.BoolAttribute{
				MarkdownDescription: "Whether the organization may be destroyed while the platform reports stored data or files in it, all of which is lost. It must be applied before the destroy. Default: `false`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
			},
			"created_at": schema.StringAttribute{
				CustomType:          timetypes.RFC3339Type{},
				MarkdownDescription: "When the organization was created, in RFC 3339 and UTC.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func settingsSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Settings of the organization. Each may be left out, and is then left to the platform.",
		Optional:            true,
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"disabled_features": schema.SetAttribute{
				MarkdownDescription: "Features that the organization can't use: `ADV_CRAFTING`, `EVALUATION`, `ROBUSTNESS`. An empty set disables none.",
				ElementType:         types.StringType,
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(features...))},
			},
			"max_item_count":     quota("Highest number of items"),
			"max_time_allocated": quota("Time that the organization may use in all, in the platform's unit, which its documentation doesn't name"),
			"max_time_per_task":  quota("Time that a single task may use, in the platform's unit, which its documentation doesn't name"),
		},
	}
}

func quota(meaning string) schema.Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: meaning + ". From 0 to 2147483647.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Int64{int64validator.Between(0, math.MaxInt32)},
	}
}
