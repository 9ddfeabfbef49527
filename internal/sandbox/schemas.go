package sandbox

import (
	"path"
	"sync"

	"go.yaml.in/yaml/v3"
)

// schema is the part of an OpenAPI schema that says which fields are documented.
type schema struct {
	Ref        string             `yaml:"$ref"`
	Type       string             `yaml:"type"`
	AllOf      []*schema          `yaml:"allOf"`
	Items      *schema            `yaml:"items"`
	Properties map[string]*schema `yaml:"properties"`
}

type schemaIndex struct {
	requests, responses map[string]*schema // By operation.
	components          map[string]*schema
}

// schemas parses the schemas of all JSON bodies once.
var schemas = sync.OnceValues(func() (*schemaIndex, error) {
	type body struct {
		Content map[string]struct{ Schema *schema }
	}
	var document struct {
		Paths map[string]map[string]struct {
			ID        string          `yaml:"operationId"`
			Request   body            `yaml:"requestBody"`
			Responses map[string]body `yaml:"responses"`
		} `yaml:"paths"`
		Components struct {
			Schemas map[string]*schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(OpenAPI, &document); err != nil {
		return nil, err
	}
	index := &schemaIndex{map[string]*schema{}, map[string]*schema{}, document.Components.Schemas}
	for _, methods := range document.Paths {
		for _, op := range methods {
			index.requests[op.ID] = op.Request.Content["application/json"].Schema
			index.responses[op.ID] = op.Responses["200"].Content["application/json"].Schema
		}
	}
	return index, nil
})

// visit calls do with each object in a value and each of its documented fields, whether the object has it or not.
func (x *schemaIndex) visit(of *schema, value any, do func(object map[string]any, name string, field *schema)) {
	of = x.resolve(of)
	if of == nil {
		return
	}
	for _, part := range of.AllOf {
		x.visit(part, value, do)
	}
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			x.visit(of.Items, element, do)
		}
	case map[string]any:
		for name, field := range of.Properties {
			x.visit(field, v[name], do)
			do(v, name, field)
		}
	}
}

func (x *schemaIndex) resolve(of *schema) *schema {
	if of != nil && of.Ref != "" {
		return x.components[path.Base(of.Ref)]
	}
	return of
}

// checkNulls rejects null for a documented field, because the documentation allows null nowhere. An unusual platform,
// which sends nulls, takes them as missing.
func (s *Server) checkNulls(operation string, body any) error {
	index, err := schemas()
	if err != nil {
		return err
	}
	index.visit(index.requests[operation], body, func(object map[string]any, name string, _ *schema) {
		if value, ok := object[name]; !ok || value != nil {
			return
		}
		if s.config.Unusual {
			delete(object, name)
			return
		}
		err = badRequest(name + " must not be null.")
	})
	return err
}

// showUnusually returns a response with null for scalars without a value, and without empty lists and objects. An
// organization's name and settings are always there.
func showUnusually(operation string, body any) (any, error) {
	index, err := schemas()
	if err != nil {
		return nil, err
	}
	normal, err := normalize(body)
	if err != nil {
		return nil, err
	}
	index.visit(index.responses[operation], normal, func(object map[string]any, name string, field *schema) {
		kind := index.resolve(field).Type
		switch {
		case !isEmpty(object[name]) || path.Base(field.Ref) == "OrganizationSettings":
		case kind == "array" || kind == "object":
			delete(object, name)
		default:
			object[name] = nil
		}
	})
	return normal, nil
}

func isEmpty(value any) bool {
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	return value == nil || value == "" || isList && len(list) == 0 || isObject && len(object) == 0
}
