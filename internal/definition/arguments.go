package definition

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

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
