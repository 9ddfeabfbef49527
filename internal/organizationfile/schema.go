package organizationfile

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

func resourceSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "`ORGANIZATION_ID/TYPE/REF`, each part path-escaped: what the file is imported by.",
			Computed:            true,
		},
		"organization_id": schema.Int64Attribute{
			MarkdownDescription: "Id of the organization that the file belongs to. A change replaces the file.",
			Required:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplace()},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the file. The platform's documentation names only `classmapping`, the default. A change replaces the file.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(defaultType),
			Validators:          []validator.String{component.NotBlank()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the file on the platform, of at most 255 characters. Default: the base name of `source`; with `content` and `content_base64` it must be set. A change renames in place.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"dataset_id": schema.Int64Attribute{
			MarkdownDescription: "Id of the dataset that the file belongs to. A change replaces the file.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplaceIfConfigured()},
		},
		"verify_content": schema.BoolAttribute{
			MarkdownDescription: "Whether each refresh downloads the file to see if its content has changed; it is hashed as it comes and never held in memory. " +
				"With `false` a refresh only looks whether the file is there. Default: `true`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
		},
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether the file may be destroyed while projects use it. It must be applied before the destroy. Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"ref": schema.StringAttribute{
			MarkdownDescription: "Reference by which the platform knows the file. It may change when new content is uploaded.",
			Computed:            true,
		},
	}
	maps.Copy(attributes, contentAttributes())
	return schema.Schema{
		MarkdownDescription: description,
		Attributes:          attributes,
	}
}

// description names what a refresh costs, as BenchmarkRefresh and
// BenchmarkLargeFile measured it on 2026-11-23.
const description = "A file of an organization, such as a class mapping. New content and a new name are put in place, under the same reference where the platform keeps it.\n\n" +
	"A refresh reads the organization once for all of its files. With `verify_content` it also downloads each file, since the platform tells no checksum: " +
	"on a machine with two cores, with the platform on the same machine, a plan of 100 files of 4 MiB took 1.2 s with it and 0.5 s without, and verifying one file of 1 GiB took 2.9 s and 26 MiB of memory. " +
	"Over a network it takes as long as the downloads do.\n\n" +
	"If a file that `source` names changes after the plan was made, the apply is refused and nothing is uploaded: either with an error that says so, or with the CLI's own, " +
	"which calls the plan inconsistent and names `content_sha256`. Make a new plan and apply that."

// maxName is how many characters a name may have.
const maxName = 255

// contentAttributes are the attributes about a file's content.
func contentAttributes() map[string]schema.Attribute {
	others := func(a, b string) validator.String {
		return stringvalidator.ConflictsWith(path.MatchRoot(a), path.MatchRoot(b))
	}
	return map[string]schema.Attribute{
		"source": schema.StringAttribute{
			MarkdownDescription: "Path of a local file with the content, which is streamed and may be of any size. Exactly one of `source`, `content` and `content_base64` must be set to create a file; " +
				"an imported file may have none, and its content is then left alone. A file that doesn't exist yet when the plan is made is planned as not known yet; " +
				"one that exists and is written anew in the same run is only seen by the next plan.",
			Optional:   true,
			Validators: []validator.String{component.NotBlank(), others("content", "content_base64")},
		},
		"content": schema.StringAttribute{
			MarkdownDescription: "The content itself, as text. It is kept in state; use `source` for what is large or secret.",
			Optional:            true,
			Validators:          []validator.String{others("source", "content_base64")},
		},
		"content_base64": schema.StringAttribute{
			MarkdownDescription: "The content itself, in base64, for what isn't text. It is kept in state; use `source` for what is large or secret.",
			Optional:            true,
			Validators:          []validator.String{base64Text{}, others("source", "content")},
		},
		"content_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of the content, in hexadecimal digits. A change uploads the new content in place.",
			Computed:            true,
		},
		"size": schema.Int64Attribute{
			MarkdownDescription: "Size of the content, in bytes.",
			Computed:            true,
		},
		"content_type": schema.StringAttribute{
			MarkdownDescription: "Media type of the file, as the platform reports it; when it is uploaded, it is told from the ending of the name.",
			Computed:            true,
		},
	}
}
