package definition

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// model is the state or plan of a resource.
type model interface {
	common() *commonModel
	// fields are the attributes that the platform holds.
	fields() []field
}

// field is an attribute and the field of the API with the same name.
type field struct {
	name string
	// value points to the attribute: a types.String, types.Bool, types.Set or jsontypes.Normalized.
	value any
}

// commonModel is what both kinds have.
type commonModel struct {
	ID             types.String         `tfsdk:"id"`
	OrganizationID component.IDValue    `tfsdk:"organization_id"`
	Name           types.String         `tfsdk:"name"`
	Description    types.String         `tfsdk:"description"`
	CodebaseName   types.String         `tfsdk:"codebase_name"`
	Enabled        types.Bool           `tfsdk:"enabled"`
	Tasks          types.Set            `tfsdk:"tasks"`
	Params         jsontypes.Normalized `tfsdk:"params"`
	Source         types.String         `tfsdk:"source"`
	Content        types.String         `tfsdk:"content"`
	ContentSHA256  types.String         `tfsdk:"content_sha256"`
	Size           types.Int64          `tfsdk:"size"`
	VerifyContent  types.Bool           `tfsdk:"verify_content"`
	ForceDestroy   types.Bool           `tfsdk:"force_destroy"`
}

type identityModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	ID             types.String      `tfsdk:"id"`
}

// newCommonModel returns a model in which the arguments that only the provider knows have their defaults, and all else is
// null. A set needs its element type even then.
func newCommonModel() commonModel {
	return commonModel{Tasks: types.SetNull(types.StringType), VerifyContent: types.BoolValue(true), ForceDestroy: types.BoolValue(false)}
}

func (m *commonModel) common() *commonModel { return m }

func (m *commonModel) fields() []field {
	return []field{
		{"name", &m.Name},
		{"description", &m.Description},
		{"codebase_name", &m.CodebaseName},
		{"enabled", &m.Enabled},
		{"tasks", &m.Tasks},
		{"params", &m.Params},
	}
}

func (m *commonModel) key(kind guardai.DefinitionKind, diags *diag.Diagnostics) guardai.DefinitionKey {
	return guardai.DefinitionKey{Kind: kind, OrganizationID: m.OrganizationID.Int64(path.Root("organization_id"), diags), ID: m.ID.ValueString()}
}

func (m *commonModel) setKey(key guardai.DefinitionKey) {
	m.OrganizationID, m.ID = component.ID(key.OrganizationID), types.StringValue(key.ID)
}

func (m *commonModel) identity() identityModel {
	return identityModel{OrganizationID: m.OrganizationID, ID: m.ID}
}

// content returns the arguments that set the code file.
func (m *commonModel) content() filecontent.Arguments {
	return filecontent.Arguments{Source: m.Source, Content: m.Content}
}

// setDigest sets the hash and the size of the code file; nil means that there is none.
func (m *commonModel) setDigest(digest *filecontent.Digest) {
	m.ContentSHA256, m.Size = types.StringNull(), types.Int64Null()
	if digest != nil {
		m.ContentSHA256, m.Size = types.StringValue(digest.SHA256), types.Int64Value(digest.Size)
	}
}

// fileName is the name of the code file in an upload. The platform doesn't report it.
func (m *commonModel) fileName(kind guardai.DefinitionKind) string {
	if m.Source.IsNull() {
		return string(kind) + ".py"
	}
	return filepath.Base(m.Source.ValueString())
}

// justImported reports whether state holds only what an import sets.
func (m *commonModel) justImported() bool { return m.Name.IsNull() }

// fromAPI updates the fields. A value in another form than the planned one, such as JSON with spaces, stays as it is. A
// value of another type than documented is null, with a warning.
func fromAPI(m model, d *guardai.Definition, diags *diag.Diagnostics) {
	m.common().ID = types.StringValue(d.ID)
	for _, f := range m.fields() {
		raw := d.Fields[f.name]
		current := f.encode()
		if current != nil && guardai.SameField(f.name, current, raw) || f.name == "name" && d.Name == "" {
			continue
		}
		if err := f.decode(raw); err != nil {
			diags.AddAttributeWarning(path.Root(f.name), "Value not readable", fmt.Sprintf(
				"The platform reports the %s of %s in another form than documented, so it is null in state: %.60s. %s.", f.name, d.ID, raw, err))
		}
	}
}

// attribute returns the value.
func (f field) attribute() attr.Value {
	switch value := f.value.(type) {
	case *types.String:
		return *value
	case *types.Bool:
		return *value
	case *types.Set:
		return *value
	case *jsontypes.Normalized:
		return *value
	}
	panic("a field of an unknown type: " + f.name)
}

// set copies the value of the same field of another model.
func (f field) set(other field) {
	switch value := f.value.(type) {
	case *types.String:
		*value = *other.value.(*types.String) //nolint:forcetypeassert // It is the same field.
	case *types.Bool:
		*value = *other.value.(*types.Bool) //nolint:forcetypeassert // See above.
	case *types.Set:
		*value = *other.value.(*types.Set) //nolint:forcetypeassert // See above.
	case *jsontypes.Normalized:
		*value = *other.value.(*jsontypes.Normalized) //nolint:forcetypeassert // See above.
	}
}

// encode returns the value as JSON; nil if it is null or unknown.
func (f field) encode() json.RawMessage {
	value := f.attribute()
	if value.IsNull() || value.IsUnknown() {
		return nil
	}
	switch value := value.(type) {
	case types.String:
		return toJSON(value.ValueString())
	case types.Bool:
		return toJSON(value.ValueBool())
	case types.Set:
		texts := []string{}
		for _, element := range value.Elements() {
			if text, ok := element.(types.String); ok {
				texts = append(texts, text.ValueString())
			}
		}
		slices.Sort(texts)
		return toJSON(texts)
	case jsontypes.Normalized:
		return json.RawMessage(value.ValueString())
	}
	return nil
}

func toJSON[T string | bool | []string](value T) json.RawMessage {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // These types can be encoded.
	}
	return encoded
}

// decode sets the value from JSON. It is null after an error.
func (f field) decode(raw json.RawMessage) error {
	if raw == nil {
		raw = json.RawMessage("null")
	}
	switch value := f.value.(type) {
	case *types.String:
		var text *string
		if err := json.Unmarshal(raw, &text); err != nil {
			*value = types.StringNull()
			return err
		}
		if text != nil {
			text = new(norm.NFC.String(*text)) // As Terraform does.
		}
		*value = types.StringPointerValue(text)
	case *types.Bool:
		var flag *bool
		if err := json.Unmarshal(raw, &flag); err != nil {
			*value = types.BoolNull()
			return err
		}
		*value = types.BoolPointerValue(flag)
	case *types.Set:
		return decodeSet(value, raw)
	case *jsontypes.Normalized:
		*value = jsontypes.NewNormalizedNull()
		text, err := guardai.NormalizeJSON(raw)
		if err == nil && text != "null" {
			*value = jsontypes.NewNormalizedValue(norm.NFC.String(text))
		}
		return err
	}
	return nil
}

func decodeSet(value *types.Set, raw json.RawMessage) error {
	*value = types.SetNull(types.StringType)
	var texts []*string
	if err := json.Unmarshal(raw, &texts); err != nil || texts == nil {
		return err
	}
	elements := []attr.Value{}
	known := map[string]bool{}
	for _, text := range texts {
		if text == nil {
			return errors.New("one of its elements is null")
		}
		if element := norm.NFC.String(*text); !known[element] {
			known[element] = true
			elements = append(elements, types.StringValue(element))
		}
	}
	*value = types.SetValueMust(types.StringType, elements)
	return nil
}

// Argument is an argument of a resource and its value.
type Argument struct {
	Name  string
	Value json.RawMessage
	// IsJSON is set if the argument is a text that contains Value. Otherwise, Value is a text, a boolean or a list of texts.
	IsJSON bool
}

// TransformArguments returns the arguments with which the resource guardai_transform describes a transform as it is. Empty
// ones, which a configuration may omit, and values in another form than documented are left out.
func TransformArguments(d *guardai.Definition) []Argument {
	model := transformKind.newModel()
	fromAPI(model, d, new(diag.Diagnostics))
	var arguments []Argument
	for _, f := range model.fields() {
		if value := f.encode(); !guardai.SameField(f.name, value, nil) {
			_, isJSON := f.value.(*jsontypes.Normalized)
			arguments = append(arguments, Argument{f.name, value, isJSON})
		}
	}
	return arguments
}
