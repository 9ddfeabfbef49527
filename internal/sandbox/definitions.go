package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// DefinitionKind says what a Definition defines.
type DefinitionKind string

// The two kinds, which work alike.
const (
	Transform DefinitionKind = "transform"
	Metric    DefinitionKind = "metric"
)

// firstTransformID is beyond the ids of the catalog's transforms.
const firstTransformID = 1000

// Definition is a custom transform or metric of an organization.
type Definition struct {
	// ID is a transform's id or a metric's uid.
	ID string
	// Fields are the API's TransformDefinition or MetricDefinition, with the id. Its numbers are json.Number.
	Fields map[string]any
	// Content is the code file, or nil if there is none.
	Content     []byte
	ContentType string
}

// definition is a stored Definition. Its fields are replaced but never modified in place.
type definition struct {
	Fields map[string]any `json:"fields"`
	Code   *file          `json:"code,omitempty"`
}

func (d *definition) id(kind DefinitionKind) string { return fmt.Sprint(d.Fields[kind.idField()]) }

func (k DefinitionKind) idField() string {
	if k == Metric {
		return "uid"
	}
	return "id"
}

// of returns the organization's definitions.
func (k DefinitionKind) of(o *organization) *[]*definition {
	if k == Metric {
		return &o.Metrics
	}
	return &o.Transforms
}

// newID returns an id for the fields of a new definition. A transform's is beyond those that seeds or tests chose, too.
func (k DefinitionKind) newID(st *state) any {
	if k == Metric {
		return newRef()
	}
	last := max(st.lastTransformID, firstTransformID)
	for _, org := range st.organizations {
		for _, d := range org.Transforms {
			id, err := strconv.ParseInt(d.id(k), 10, 64)
			if err == nil {
				last = max(last, id)
			}
		}
	}
	st.lastTransformID = last + 1
	return jsonNumber(st.lastTransformID)
}

// definitionOperations returns the calls about a kind. upload and download are the ids of those about the code file.
func (s *Server) definitionOperations(k DefinitionKind, upload, download string) []*operation {
	kind := string(k)
	list := "/api/v1/" + kind + "s"
	one := list + "/{" + k.idField() + "}"
	return []*operation{
		{id: "add_" + kind, method: "POST", path: list, status: 201, required: []string{"id", "name"}, handle: s.addDefinition(k)},
		{id: "get_" + kind + "s", method: "GET", path: list, handle: s.getDefinitions(k)},
		{id: "get_" + kind, method: "GET", path: one, handle: s.viewDefinition(k, getDefinition)},
		{id: "update_" + kind, method: "PUT", path: one, handle: s.putDefinition(k)},
		{id: "delete_" + kind, method: "DELETE", path: one, status: 204, handle: s.changeDefinition(k, deleteDefinition(k))},
		{id: upload, method: "POST", path: one, status: 201, handle: s.uploadCode(k)},
		{id: download, method: "GET", path: one + "/data", handle: s.viewDefinition(k, downloadCode)},
	}
}

// find returns a definition with its organization, or nil.
func (k DefinitionKind) find(st *state, id string) (*organization, *definition) {
	for _, org := range st.organizations {
		for _, d := range *k.of(org) {
			if d.id(k) == id {
				return org, d
			}
		}
	}
	return nil, nil
}

type definitionHandler func(*organization, *definition) (any, error)

// viewDefinition returns a handler for the definition in the path.
func (s *Server) viewDefinition(k DefinitionKind, view definitionHandler) handler {
	return func(c *call) (any, error) {
		s.state.mu.RLock()
		defer s.state.mu.RUnlock()
		return s.handleDefinition(k, c, view)
	}
}

// changeDefinition is viewDefinition with write access.
func (s *Server) changeDefinition(k DefinitionKind, change definitionHandler) handler {
	return func(c *call) (any, error) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		body, err := s.handleDefinition(k, c, change)
		if err != nil {
			return nil, err
		}
		return body, s.state.save()
	}
}

func (s *Server) handleDefinition(k DefinitionKind, c *call, handle definitionHandler) (any, error) {
	id := c.r.PathValue(k.idField())
	org, d := k.find(s.state, id)
	switch {
	case d == nil:
		return nil, notFound("There is no custom " + string(k) + " " + id + ".")
	case !c.user.maySee(org.ID):
		return nil, forbidden("You are not a member of the organization of " + string(k) + " " + id + ".")
	}
	return handle(org, d)
}

func (s *Server) addDefinition(k DefinitionKind) handler {
	return func(c *call) (any, error) {
		id, err := strconv.ParseInt(c.query.Get("id"), 10, 64)
		if err != nil {
			return nil, badRequest("The id '" + c.query.Get("id") + "' is not a number.")
		}
		c.id = id
		return s.updateHandler(func(_ *call, org *organization) (any, error) {
			d := &definition{Fields: map[string]any{k.idField(): k.newID(s.state), "name": c.query.Get("name")}}
			if !s.config.Unusual {
				maps.Copy(d.Fields, map[string]any{"enabled": true, "description": "", "tasks": []any{}, "params": []any{}})
			}
			*k.of(org) = append(*k.of(org), d)
			return d.Fields, nil
		})(c)
	}
}

func (s *Server) getDefinitions(k DefinitionKind) handler {
	return func(c *call) (any, error) {
		s.state.mu.RLock()
		defer s.state.mu.RUnlock()
		all := []map[string]any{}
		for _, org := range s.state.sorted() {
			if c.user.maySee(org.ID) {
				all = append(all, org.definitions(k)...)
			}
		}
		return all, nil
	}
}

// definitions returns the organization's definitions as the API sends them.
func (o *organization) definitions(k DefinitionKind) []map[string]any {
	all := []map[string]any{}
	for _, d := range *k.of(o) {
		all = append(all, d.Fields)
	}
	return all
}

func getDefinition(_ *organization, d *definition) (any, error) { return d.Fields, nil }

// putDefinition replaces all fields but the id and, if the request has none, the name.
func (s *Server) putDefinition(k DefinitionKind) handler {
	return func(c *call) (any, error) {
		fields, err := s.readObject(c)
		if err != nil {
			return nil, err
		}
		for name, value := range fields {
			if valid, documented := definitionFields[name]; documented && !valid(value) {
				return nil, badRequest(name + " is invalid.")
			}
		}
		return s.changeDefinition(k, func(_ *organization, d *definition) (any, error) {
			fields[k.idField()] = d.Fields[k.idField()]
			if fields["name"] == nil {
				fields["name"] = d.Fields["name"]
			}
			d.Fields = fields
			return fields, nil
		})(c)
	}
}

// definitionFields checks the documented fields of both kinds, but not the ids.
var definitionFields = map[string]func(any) bool{
	"name":                    func(value any) bool { text, ok := value.(string); return ok && strings.TrimSpace(text) != "" },
	"description":             isString,
	"codebase_name":           isString,
	"converted_target_format": isString,
	"metric_type":             isString,
	"enabled":                 func(value any) bool { _, ok := value.(bool); return ok },
	"tasks":                   func(value any) bool { return isListOf(value, isString) },
	"target_format":           func(value any) bool { return isListOf(value, isString) },
	"params":                  func(value any) bool { _, ok := value.([]any); return ok },
	"apply_mapping":           func(value any) bool { _, ok := value.(map[string]any); return ok },
}

func deleteDefinition(k DefinitionKind) definitionHandler {
	return func(org *organization, d *definition) (any, error) {
		*k.of(org) = slices.DeleteFunc(*k.of(org), func(other *definition) bool { return other == d })
		return nil, nil
	}
}

func (s *Server) uploadCode(k DefinitionKind) handler {
	return func(c *call) (any, error) {
		upload := &file{}
		if err := s.receive(c.r, upload); err != nil {
			return nil, err
		}
		body, err := s.changeDefinition(k, func(_ *organization, d *definition) (any, error) {
			d.Code = upload
			return d.Fields, nil
		})(c)
		if err != nil {
			upload.Stored.discard()
		}
		return body, err
	}
}

func downloadCode(_ *organization, d *definition) (any, error) {
	if d.Code == nil {
		return nil, notFound("There is no code file.")
	}
	return d.Code.download()
}

// AddDefinition stores a custom transform or metric and returns it as stored. A missing id gets a new value. It panics
// if the organization doesn't exist or Fields can't be encoded as JSON.
func (s *Server) AddDefinition(k DefinitionKind, organizationID int64, d Definition) Definition {
	var added Definition
	stored := s.newDefinition(d)
	s.mustUpdate(organizationID, func(org *organization) {
		if stored.Fields[k.idField()] == nil {
			stored.Fields[k.idField()] = k.newID(s.state)
		}
		*k.of(org) = append(*k.of(org), stored)
		added = stored.export(k)
	})
	return added
}

// Definitions returns copies of an organization's custom transforms or metrics, in the order of their creation.
func (s *Server) Definitions(k DefinitionKind, organizationID int64) (all []Definition) {
	s.view(organizationID, func(org *organization) {
		for _, d := range *k.of(org) {
			all = append(all, d.export(k))
		}
	})
	return all
}

func (s *Server) newDefinition(d Definition) *definition {
	stored := &definition{Fields: map[string]any{}}
	maps.Copy(stored.Fields, mustNormalize(d.Fields))
	if d.Content != nil {
		stored.Code = s.newFile(File{Content: d.Content, ContentType: d.ContentType})
	}
	return stored
}

// export returns a Definition that shares no memory with d.
func (d *definition) export(k DefinitionKind) Definition {
	exported := Definition{ID: d.id(k), Fields: mustNormalize(d.Fields)}
	if d.Code != nil {
		exported.Content, exported.ContentType = d.Code.bytes(), d.Code.ContentType
	}
	return exported
}
