package organizationfile

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func resourceSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "ID by which the file is imported: `ORGANIZATION_ID/TYPE/REF`, each part path-escaped.",
			Computed:            true,
		},
		"organization_id": schema.StringAttribute{
			MarkdownDescription: "ID of the organization that the file belongs to. A change replaces the file.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the file. Default: `classmapping`, the only type that the API's documentation names. A change replaces the file.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(guardai.FileTypeClassMapping),
			Validators:          []validator.String{component.NotBlank()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the file on the platform: at most 255 characters, without `/` and `\\`. Default: the base name of `source`. Required with `content` and `content_base64`. A change renames the file in place.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"dataset_id": schema.StringAttribute{
			MarkdownDescription: "ID of the dataset that the file belongs to. A change replaces the file.",
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
		},
		"verify_content": schema.BoolAttribute{
			MarkdownDescription: "Whether each refresh downloads the file to detect changed content. The download is hashed as it arrives and never held in memory. " +
				"With `false`, a refresh only checks that the file exists. Default: `true`.",
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

const description = "A file of an organization, such as a class mapping. New content and a new name are applied in place, and the reference stays the same where the platform keeps it.\n\n" +
	"A refresh reads the organization once for all of its files. With `verify_content`, it also downloads each file, because the API exposes no checksum.\n\n" +
	"If another client takes the file off the organization's list, its name and dataset are lost on the platform. The plan shows this as a change of `name`, and the apply uploads the file again.\n\n" +
	"If a file that `source` names changes after the plan was made, the apply fails and nothing is uploaded. Either the provider's error says so, or the CLI's own, " +
	"which reports an inconsistent final plan and names `content_sha256`. Make a new plan and apply it."

// maxName is how many characters a name may have.
const maxName = 255

// contentAttributes are the attributes about a file's content.
func contentAttributes() map[string]schema.Attribute {
	others := func(a, b string) validator.String {
		return stringvalidator.ConflictsWith(path.MatchRoot(a), path.MatchRoot(b))
	}
	return map[string]schema.Attribute{
		"source": schema.StringAttribute{
			MarkdownDescription: "Path of a local file with the content. It is streamed and may have any size. Set exactly one of `source`, `content` and `content_base64` to create a file. " +
				"An imported file may have none of them, and its content is then left alone. A path that doesn't exist yet is planned as unknown, with a warning, because another resource may write it. " +
				"A file that another resource overwrites in the same run is uploaded by the next run. " +
				"`ignore_changes` keeps the path, not the content of the file at that path: to leave the content on the platform alone, remove `source` and set `name`.",
			Optional:   true,
			Validators: []validator.String{component.NotBlank(), others("content", "content_base64")},
		},
		"content": schema.StringAttribute{
			MarkdownDescription: "Content of the file as text. It is stored in state: use `source` for large or secret content. `content_sha256` and `size` show in plans even if the content is sensitive.",
			Optional:            true,
			Validators:          []validator.String{others("source", "content_base64")},
		},
		"content_base64": schema.StringAttribute{
			MarkdownDescription: "Content of the file in base64, for binary content. It is stored in state: use `source` for large or secret content. `content_sha256` and `size` show in plans even if the content is sensitive.",
			Optional:            true,
			Validators:          []validator.String{base64Text{}, others("source", "content")},
		},
		"content_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 hash of the content, in hexadecimal digits. A change uploads the new content in place.",
			Computed:            true,
		},
		"size": schema.Int64Attribute{
			MarkdownDescription: "Size of the content, in bytes.",
			Computed:            true,
		},
		"content_type": schema.StringAttribute{
			MarkdownDescription: "Media type of the file, as the platform reports it. An upload derives it from the extension of the name.",
			Computed:            true,
		},
	}
}
