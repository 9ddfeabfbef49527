package guardai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// DefinitionKind is a kind of custom definition of an organization. The calls for both work alike.
type DefinitionKind string

// The kinds of definitions.
const (
	TransformKind DefinitionKind = "transform"
	MetricKind    DefinitionKind = "metric"
)

// idField is the JSON name of the id: a transform has a number, a metric a text.
func (k DefinitionKind) idField() string {
	if k == MetricKind {
		return "uid"
	}
	return "id"
}

func (k DefinitionKind) listPath() string { return "/api/v1/" + string(k) + "s" }

// DefinitionKey identifies a definition. No response contains the organization.
type DefinitionKey struct {
	Kind           DefinitionKind
	OrganizationID int64
	// ID is a transform's id in decimal digits, or a metric's uid.
	ID string
}

// String returns the definition's import id: ORGANIZATION_ID/ID.
func (k DefinitionKey) String() string { return strconv.FormatInt(k.OrganizationID, 10) + "/" + k.ID }

// request returns a request about the definition.
func (k DefinitionKey) request(method, suffix string) *rest.Request {
	return &rest.Request{Method: method, Path: k.Kind.listPath() + "/{id}" + suffix, PathValues: map[string]string{"id": k.ID}}
}

// Definition is the API's TransformDefinition or MetricDefinition.
type Definition struct {
	ID string
	// Name is empty if a list omits it.
	Name string
	// Fields are all fields as the platform sent them, so that a write sends back those that this client doesn't know.
	Fields map[string]json.RawMessage
}

// definition converts a response. One without an id is invalid.
func (k DefinitionKind) definition(fields map[string]json.RawMessage) (*Definition, error) {
	d := &Definition{Fields: fields}
	_ = json.Unmarshal(fields["name"], &d.Name)
	if k == MetricKind {
		_ = json.Unmarshal(fields[k.idField()], &d.ID)
	} else if id := int64(0); json.Unmarshal(fields[k.idField()], &id) == nil && id > 0 {
		d.ID = strconv.FormatInt(id, 10)
	}
	// Dots alone would lead to another path.
	if d.ID == "" || d.ID == "." || d.ID == ".." {
		return nil, &InvalidResponseError{Problem: fmt.Sprintf("it contains no %s of a %s", k.idField(), k)}
	}
	return d, nil
}

func (k DefinitionKind) decode(r *rest.Response) (*Definition, error) {
	fields, err := rest.DecodeJSON[map[string]json.RawMessage](r)
	if err != nil {
		return nil, err
	}
	return k.definition(fields)
}

// decode decodes the response of a call about this definition. A response about another one is invalid.
func (k DefinitionKey) decode(r *rest.Response) (*Definition, error) {
	d, err := k.Kind.decode(r)
	if err == nil && d.ID != k.ID {
		return nil, &InvalidResponseError{Problem: fmt.Sprintf("it describes another %s than the requested one", k.Kind)}
	}
	return d, err
}

// isApplied reports whether the definition has fields with the values of a change. An empty value equals one that the
// platform omits.
func (d *Definition) isApplied(change map[string]json.RawMessage) bool {
	for name, value := range change {
		if !SameField(name, value, d.Fields[name]) {
			return false
		}
	}
	return true
}

// SameField reports whether two values of a definition's field mean the same: JSON without regard to its form, numbers by
// their value, texts in Unicode NFC, tasks and target formats in any order. An empty value equals one that the platform omits.
func SameField(name string, a, b json.RawMessage) bool {
	normal := func(raw json.RawMessage) string {
		var texts []string
		if (name == "tasks" || name == "target_format") && json.Unmarshal(raw, &texts) == nil && len(texts) > 0 {
			for i, text := range texts {
				texts[i] = norm.NFC.String(text)
			}
			slices.Sort(texts)
			return fmt.Sprintf("%q", slices.Compact(texts))
		}
		text, err := normalizeJSON(raw, normalizeNumbers)
		switch {
		case err != nil:
			return string(raw)
		case text == `""`, text == "[]", text == "{}":
			return "null"
		}
		return norm.NFC.String(text)
	}
	return normal(a) == normal(b)
}

// normalizeNumbers gives equal numbers in decoded JSON the same form: jsonencode and some platforms write 1.0 as 1.
func normalizeNumbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		return normalizeNumber(value)
	case []any:
		for i := range value {
			value[i] = normalizeNumbers(value[i])
		}
	case map[string]any:
		for name := range value {
			value[name] = normalizeNumbers(value[name])
		}
	}
	return value
}

// normalizeNumber keeps all digits that count, and doesn't compute the number, which may be huge.
func normalizeNumber(number json.Number) json.Number {
	mantissa, power, _ := strings.Cut(strings.ToLower(number.String()), "e")
	exponent := 0
	if power != "" {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return number
		}
	}
	unsigned, isNegative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return "0"
	}
	if isNegative {
		significant = "-" + significant
	}
	return json.Number(significant + "e" + strconv.Itoa(exponent-len(fraction)+len(digits)-len(strings.TrimPrefix(significant, "-"))))
}

// GetDefinition returns a definition from the list of those that the caller may see or, if that is forbidden, missing, or
// lacks it or one of the fields, by id. A missing definition is IsNotFound. The list is cached until a definition is written.
func (c *Client) GetDefinition(ctx context.Context, key DefinitionKey, fields ...string) (*Definition, error) {
	listed, err := c.listedDefinitions(ctx, key.Kind)
	if err != nil && !IsForbidden(err) && !IsNotFound(err) {
		return nil, err
	}
	for _, d := range listed {
		isMissing := func(field string) bool { return d.Fields[field] == nil }
		if d.ID == key.ID && d.Name != "" && !slices.ContainsFunc(fields, isMissing) {
			return &d, nil
		}
	}
	return c.readDefinition(ctx, key.request(http.MethodGet, ""), key)
}

// readDefinition reads a definition without the cache. One without a name isn't complete, and no basis of a write.
func (c *Client) readDefinition(ctx context.Context, req *rest.Request, key DefinitionKey) (*Definition, error) {
	return fetch(ctx, c, req, func(r *rest.Response) (*Definition, error) {
		d, err := key.decode(r)
		if err == nil && d.Name == "" {
			err = &InvalidResponseError{Problem: fmt.Sprintf("it contains no name of the %s", key.Kind)}
		}
		return d, err
	})
}

// ListDefinitions returns an organization's custom transforms, or the custom metrics of all organizations that the caller
// may see, because nothing tells a metric's organization. They are in the platform's order.
func (c *Client) ListDefinitions(ctx context.Context, kind DefinitionKind, organizationID int64) ([]Definition, error) {
	custom, err := c.listedDefinitions(ctx, kind)
	if err != nil || kind == MetricKind || len(custom) == 0 {
		return custom, err
	}
	// The organization's list contains the platform's own transforms, too.
	available, err := c.availableDefinitions(ctx, kind, organizationID)
	isAvailable := map[string]bool{}
	for _, d := range available {
		isAvailable[d.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(custom), func(d Definition) bool { return !isAvailable[d.ID] }), err
}

// listedDefinitions returns the custom definitions of a kind that the caller may see.
func (c *Client) listedDefinitions(ctx context.Context, kind DefinitionKind) ([]Definition, error) {
	return c.cachedDefinitions(ctx, kind, string(kind), &rest.Request{Method: http.MethodGet, Path: kind.listPath()})
}

// availableDefinitions returns the list in which a new definition appears: that of its organization, or for a metric that
// of the caller.
func (c *Client) availableDefinitions(ctx context.Context, kind DefinitionKind, organizationID int64) ([]Definition, error) {
	if kind == MetricKind {
		return c.listedDefinitions(ctx, kind)
	}
	return c.cachedDefinitions(ctx, kind, fmt.Sprint(kind, organizationID), organizationRequest(http.MethodGet, "/transforms", organizationID))
}

// cachedDefinitions returns a list of definitions. Those without an id, which nothing can be done with, are left out.
func (c *Client) cachedDefinitions(ctx context.Context, kind DefinitionKind, key string, req *rest.Request) ([]Definition, error) {
	list, err := c.definitionLists.get(ctx, key, func(ctx context.Context) ([]Definition, error) {
		all, err := fetch(ctx, c, req, func(r *rest.Response) ([]Definition, error) {
			return rest.DecodeList(r, func(raw json.RawMessage) (Definition, error) {
				var fields map[string]json.RawMessage
				_ = json.Unmarshal(raw, &fields)
				if d, err := kind.definition(fields); err == nil {
					return *d, nil
				}
				return Definition{}, nil
			})
		})
		if err == nil && all == nil {
			err = fmt.Errorf("the platform reports null in place of a list of %ss", kind)
		}
		return slices.DeleteFunc(all, func(d Definition) bool { return d.ID == "" }), err
	})
	return list, c.wrapCanceled(ctx, req, err)
}

// lockDefinition locks a definition for one writer.
func (c *Client) lockDefinition(ctx context.Context, key DefinitionKey, req *rest.Request) (unlock func(), err error) {
	sum := fnv.New32a()
	_, _ = fmt.Fprint(sum, key.Kind, " ", key.ID)
	unlock, err = c.definitionLocks.Lock(ctx, int64(sum.Sum32()))
	return unlock, c.wrapCanceled(ctx, req, err)
}

// UpdateDefinition reads a definition, sets fields and writes the result back, because the platform replaces the whole
// definition. Each retry reads the definition again. A change that already applies isn't written. The caller must compare
// the result with the change. A missing definition is IsNotFound.
func (c *Client) UpdateDefinition(ctx context.Context, key DefinitionKey, change map[string]json.RawMessage) (*Definition, error) {
	req, read := key.request(http.MethodPut, ""), key.request(http.MethodGet, "")
	unlock, err := c.lockDefinition(ctx, key, req)
	if err != nil {
		return nil, err
	}
	defer unlock()
	defer c.definitionLists.invalidate()
	var current *Definition
	req.ReadsFirst, read.Prepaid = true, true
	req.Body = func(ctx context.Context) (_ *rest.Body, err error) {
		if current, err = c.readDefinition(ctx, read, key); err != nil {
			return nil, err
		}
		if current.isApplied(change) {
			return nil, errUnchanged
		}
		fields := maps.Clone(current.Fields)
		maps.Copy(fields, change)
		// A platform that sends null may not accept it.
		maps.DeleteFunc(fields, func(_ string, value json.RawMessage) bool { return isNull(value) })
		return rest.JSON(fields)
	}
	updated, err := fetch(ctx, c, req, key.decode)
	switch {
	case errors.Is(err, errUnchanged):
		return current, nil
	case isKind(err, rest.KindInvalidResponse) && current != nil:
		// The platform may have applied the change all the same.
		if read, readErr := c.readDefinition(ctx, key.request(http.MethodGet, ""), key); readErr == nil && read.isApplied(change) {
			return read, nil
		}
	case err == nil && !updated.isApplied(change):
		// The response may leave out what the platform has.
		return c.readDefinition(ctx, key.request(http.MethodGet, ""), key)
	}
	return updated, err
}

// DeleteDefinition deletes a definition and its code file. A missing definition is IsNotFound.
func (c *Client) DeleteDefinition(ctx context.Context, key DefinitionKey) error {
	req := key.request(http.MethodDelete, "")
	unlock, err := c.lockDefinition(ctx, key, req)
	if err != nil {
		return err
	}
	defer unlock()
	defer c.definitionLists.invalidate()
	_, err = fetch(ctx, c, req, rest.DecodeEmpty)
	return err
}
