package definition

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

const behavior = "\n\nThe provider leaves arguments that you omit as they are on the platform. If you remove one from the configuration, it keeps its value. Without `source` and `content`, the provider leaves the code file alone.\n\n" +
	"~> Creating a %[1]s takes a call for its name, one for its definition and one for its code file. If one of the later calls fails, the %[1]s is in state, marked as tainted: run `terraform untaint` to continue with the next apply, which otherwise replaces it.\n\n" +
	"The provider destroys a %[1]s only if no %[2]s of the organization uses it, and lists those that do. It skips what its user isn't allowed to list, with a warning. With `force_destroy`, it checks nothing.\n\n"

func (r *definitionResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	name := string(r.kind.name)
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "ID of the " + name + ", assigned by the platform.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"organization_id": schema.StringAttribute{
			CustomType:          component.IDType{},
			MarkdownDescription: "ID of the organization that the " + name + " belongs to. A change replaces the " + name + ".",
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the " + name + ". Names need not be unique, but if you create a " + name + " with a name that exists already, the plan shows a warning. A change renames the " + name + " in place.",
			Required:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"description":   textAttribute("Description of the " + name + "."),
		"codebase_name": textAttribute("Name of the codebase."),
		"enabled":       schema.BoolAttribute{MarkdownDescription: "Whether the " + name + " can be used. Default: what the platform chooses.", Optional: true, Computed: true},
		"tasks":         textsAttribute("Tasks that the " + name + " is for. The API documentation names no values."),
		"params":        jsonAttribute(r.kind.params, r.kind.paramsForm),
		"source": schema.StringAttribute{
			MarkdownDescription: "Path of a local file to upload as the code file. The provider streams it. If it changes between the plan and the apply, the apply fails and nothing is uploaded.",
			Optional:            true,
			Validators:          []validator.String{component.NotBlank(), stringvalidator.ConflictsWith(path.MatchRoot("content"))},
		},
		"content": schema.StringAttribute{
			MarkdownDescription: "Content of the code file as text, which is uploaded as `" + name + ".py`. It is stored in state: use `source` for large or secret content.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.ConflictsWith(path.MatchRoot("source"))},
		},
		"content_sha256": schema.StringAttribute{MarkdownDescription: "SHA-256 hash of the code file, in hexadecimal digits. Null if there is none.", Computed: true},
		"size":           schema.Int64Attribute{MarkdownDescription: "Size of the code file, in bytes. Null if there is none.", Computed: true},
		"verify_content": schema.BoolAttribute{
			MarkdownDescription: "Whether each refresh and each upload downloads the code file to detect changed content. Default: `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether to destroy the " + name + " without checking whether it is in use. Set it to `true` and apply before you destroy the " + name + ". Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	}
	maps.Copy(attributes, r.kind.attributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: r.kind.description + fmt.Sprintf(behavior, name, r.kind.users) + r.kind.imported,
		Attributes:          attributes,
	}
}

func (r *definitionResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id": identityschema.StringAttribute{CustomType: component.IDType{}, Description: "ID of the organization.", RequiredForImport: true},
		"id":              identityschema.StringAttribute{Description: "ID of the " + string(r.kind.name) + ".", RequiredForImport: true},
	}}
}

func textAttribute(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Computed: true}
}

func textsAttribute(description string) schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: description, Optional: true, Computed: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.NoNullValues()},
	}
}

func jsonAttribute(description string, form jsonForm) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Numbers keep all digits.", Optional: true, Computed: true,
		CustomType: jsontypes.NormalizedType{}, Validators: []validator.String{form},
	}
}

// jsonForm requires JSON to have a form.
type jsonForm struct {
	form  string
	valid func(raw []byte) bool
}

var (
	anyList         = jsonForm{"a list", decodesTo[[]json.RawMessage]}
	listOfObjects   = jsonForm{"a list of objects", decodesTo[[]map[string]json.RawMessage]}
	objectOfObjects = jsonForm{"an object of objects", decodesTo[map[string]map[string]json.RawMessage]}
)

// decodesTo leaves the values as they are, because a number may be too large for Go.
func decodesTo[T any](raw []byte) bool { return json.Unmarshal(raw, new(T)) == nil }

func (f jsonForm) Description(context.Context) string { return "must be " + f.form + " in JSON" }

func (f jsonForm) MarkdownDescription(ctx context.Context) string { return f.Description(ctx) }

// ValidateString leaves invalid JSON to the attribute's type.
func (f jsonForm) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	raw := []byte(req.ConfigValue.ValueString())
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && json.Valid(raw) && !f.valid(raw) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid JSON", fmt.Sprintf("%s %s: use jsonencode.", req.Path, f.Description(ctx)))
	}
}
