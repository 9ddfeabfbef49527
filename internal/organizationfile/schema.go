package organizationfile

import (
	"context"
	"encoding/base64"
	"fmt"
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
			MarkdownDescription: "Import ID of the file: `ORGANIZATION_ID/TYPE/REF`, each part percent-encoded.",
			Computed:            true,
		},
		"organization_id": schema.StringAttribute{
			CustomType:          component.IDType{},
			MarkdownDescription: "ID of the organization that the file belongs to. A change replaces the file.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the file. The API documentation names only `classmapping`. Default: `classmapping`. A change replaces the file.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(guardai.FileTypeClassMapping),
			Validators:          []validator.String{component.NotBlank()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the file on the platform, of at most 255 characters, without `/` and `\\`. Required with `content` and `content_base64`. Default for a new file with `source`: the base name of the path. A change renames the file in place. If you omit it later, the file keeps its name.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"dataset_id": schema.StringAttribute{
			CustomType:          component.IDType{},
			MarkdownDescription: "ID of the dataset that the file belongs to. A change replaces the file. If you omit it later, the file keeps its dataset.",
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
		},
		"verify_content": schema.BoolAttribute{
			MarkdownDescription: "Whether each refresh downloads the file to detect changed content, because the API exposes no checksum. " +
				"Each upload is checked in the same way. With `false`, a refresh only checks that the file exists. Default: `true`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
		},
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether to destroy the file even if projects use it. Set it to `true` and apply before you destroy the file. Default: `false`, with which the provider also refuses to destroy a file if it can't check which projects use it. " +
				"If you aren't allowed to list these projects (403), the provider skips the check and relies on you to know them.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"ref": schema.StringAttribute{
			MarkdownDescription: "Reference that the platform assigned to the file. It can change when you upload new content.",
			Computed:            true,
		},
	}
	maps.Copy(attributes, contentAttributes())
	return schema.Schema{
		MarkdownDescription: description,
		Attributes:          attributes,
	}
}

const description = "Manages a file of an organization, such as a class mapping.\n\n" +
	"The provider updates the content and the name in place. After an upload or a rename, it compares the name and, with `verify_content`, the content with the platform. If the platform changed them, it reports an error, or for a new file a warning.\n\n" +
	"If you create a file with a name that the organization already lists, the plan shows a warning, because names need not be unique.\n\n" +
	"An import stores the hash and the size of the content, but not the content. The provider leaves the content alone until you set `source`, `content` or `content_base64`. If you set one of them to the content on the platform, nothing is uploaded.\n\n" +
	"~> If another client removes the file from the organization's list of files, the platform no longer knows its name and dataset. The plan then sets `name` again, and the apply uploads the file again.\n\n" +
	"-> If the local file changes between the plan and the apply, the apply fails and nothing is uploaded. The error may be the CLI's *Provider produced inconsistent final plan*. " +
	"Create a new plan and apply it.\n\n" +
	"~> A plan hides sensitive `content`, but shows its SHA-256 hash and size.\n\n" +
	"If `ignore_changes` contains `source`, the plan ignores a new path, but still uploads new content at the old path. To leave the content on the platform alone, remove `source` from the resource and from `ignore_changes`."

// maxName is the maximum number of characters in a name.
const maxName = 255

func contentAttributes() map[string]schema.Attribute {
	others := func(a, b string) validator.String {
		return stringvalidator.ConflictsWith(path.MatchRoot(a), path.MatchRoot(b))
	}
	return map[string]schema.Attribute{
		"source": schema.StringAttribute{
			MarkdownDescription: "Path of a local file to upload, of any size. The provider streams it. To create a file, set exactly one of `source`, `content` and `content_base64`. " +
				"Without them, the provider leaves the content of a file alone. If the local file doesn't exist during the plan, the provider shows a warning, and the hash and the size are known after the apply. " +
				"If another resource overwrites an existing file during the apply, only the next plan detects the change.",
			Optional:   true,
			Validators: []validator.String{component.NotBlank(), others("content", "content_base64")},
		},
		"content": schema.StringAttribute{
			MarkdownDescription: "Content of the file as text, which Terraform normalizes to Unicode normalization form C (NFC). Use `source` or `content_base64` for other text. It is stored in state: use `source` for large or secret content.",
			Optional:            true,
			Validators:          []validator.String{others("source", "content_base64")},
		},
		"content_base64": schema.StringAttribute{
			MarkdownDescription: "Content of the file in base64, for binary content. It is stored in state: use `source` for large or secret content.",
			Optional:            true,
			Validators:          []validator.String{base64Validator{}, others("source", "content")},
		},
		"content_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 hash of the content, in hexadecimal digits.",
			Computed:            true,
		},
		"size": schema.Int64Attribute{
			MarkdownDescription: "Size of the content, in bytes.",
			Computed:            true,
		},
		"content_type": schema.StringAttribute{
			MarkdownDescription: "Media type of the file. An upload sets it by the extension of the name, for example `text/csv` or `application/json`, or to `application/octet-stream` if the provider doesn't know the extension.",
			Computed:            true,
		},
	}
}

// base64Validator requires a string to be standard base64.
type base64Validator struct{}

func (base64Validator) Description(context.Context) string {
	return "must be standard base64 with padding"
}

func (b base64Validator) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }

// ValidateString doesn't quote the value in its error, because it may be secret.
func (base64Validator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := base64.StdEncoding.DecodeString(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid base64",
			fmt.Sprintf("%s must be standard base64 with padding, such as the functions base64encode and filebase64 make: %s.", req.Path, err))
	}
}
