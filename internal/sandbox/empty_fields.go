package sandbox

import (
	"fmt"
	"path"
	"sync"

	"go.yaml.in/yaml/v3"
)

// EmptyFields selects how responses show fields without a value. The API's documentation leaves this open, and Spring
// services differ. By default, such fields are omitted (Jackson's NON_NULL).
type EmptyFields string

// The other modes.
const (
	// EmptyOmitted also omits empty strings, lists and objects (NON_EMPTY).
	EmptyOmitted EmptyFields = "omit"
	// EmptyNull sends null for fields without a value (ALWAYS).
	EmptyNull EmptyFields = "null"
)

// Validate returns an error for an unknown mode.
func (e EmptyFields) Validate() error {
	if e != "" && e != EmptyOmitted && e != EmptyNull {
		return fmt.Errorf("must be %q or %q, not %q", EmptyOmitted, EmptyNull, string(e))
	}
	return nil
}

// schema is the part of an OpenAPI schema that EmptyFields needs.
type schema struct {
	Ref        string             `yaml:"$ref"`
	Items      *schema            `yaml:"items"`
	Properties map[string]*schema `yaml:"properties"`
}

type responseSchemas struct {
	operations map[string]*schema
	components map[string]*schema
}

// schemas parses the schemas of all successful responses once.
var schemas = sync.OnceValues(func() (*responseSchemas, error) {
	var document struct {
		Paths map[string]map[string]struct {
			ID        string `yaml:"operationId"`
			Responses map[string]struct {
				Content map[string]struct {
					Schema *schema `yaml:"schema"`
				} `yaml:"content"`
			} `yaml:"responses"`
		} `yaml:"paths"`
		Components struct {
			Schemas map[string]*schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(OpenAPI, &document); err != nil {
		return nil, err
	}
	found := &responseSchemas{operations: map[string]*schema{}, components: document.Components.Schemas}
	for _, methods := range document.Paths {
		for _, operation := range methods {
			found.operations[operation.ID] = operation.Responses["200"].Content["application/json"].Schema
		}
	}
	return found, nil
})

// apply returns the body of an operation's response with its empty fields shown as configured.
func (e EmptyFields) apply(operation string, body any) (any, error) {
	if e == "" {
		return body, nil
	}
	known, err := schemas()
	if err != nil {
		return nil, err
	}
	normal, err := normalize(body)
	if err != nil {
		return nil, err
	}
	known.apply(e, known.operations[operation], normal)
	return normal, nil
}

func (k *responseSchemas) apply(e EmptyFields, of *schema, value any) {
	if of != nil && of.Ref != "" {
		of = k.components[path.Base(of.Ref)]
	}
	if of == nil {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			k.apply(e, of.Items, element)
		}
	case map[string]any:
		for name, property := range of.Properties {
			k.apply(e, property, v[name])
			e.showField(v, name)
		}
	}
}

// showField omits an empty field or sets it to null, as configured.
func (e EmptyFields) showField(object map[string]any, name string) {
	switch {
	case e == EmptyNull && object[name] == nil:
		object[name] = nil
	case e == EmptyOmitted && isEmpty(object[name]):
		delete(object, name)
	}
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}
