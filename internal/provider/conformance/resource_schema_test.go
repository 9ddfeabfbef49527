package conformance

import (
	"context"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

var (
	// staticDefault is how the framework's defaults describe themselves.
	staticDefault = regexp.MustCompile("^value defaults to (`.*`)$")
	// replacement is what plan modifiers that replace a resource say of themselves.
	replacement = regexp.MustCompile(`(?i)\b(recreate|replaces?)\b`)
	// replaces is what the description of such an attribute says. An attribute that never
	// replaces the resource may say so.
	replaces = regexp.MustCompile(`\breplaces the `)
)

// checkResource says which of a resource's descriptions don't tell what the schema
// does: name a default, announce a replacement. A CLI isn't told of either.
func checkResource(ctx context.Context, where string, r resource.Resource) []string {
	var response resource.SchemaResponse
	r.Schema(ctx, resource.SchemaRequest{}, &response)
	return checkResourceAttributes(ctx, where, "", response.Schema.Attributes)
}

func checkResourceAttributes(ctx context.Context, where, prefix string, attributes map[string]schema.Attribute) []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		at := where + ": attribute " + prefix + name
		problems = append(problems, checkDefault(ctx, at, attribute)...)
		problems = append(problems, checkReplacement(ctx, at, attribute)...)
		problems = append(problems, checkResourceAttributes(ctx, where, prefix+name+".", nested(attribute))...)
	}
	return problems
}

func nested(attribute schema.Attribute) map[string]schema.Attribute {
	switch attribute := attribute.(type) {
	case schema.SingleNestedAttribute:
		return attribute.Attributes
	case schema.ListNestedAttribute:
		return attribute.NestedObject.Attributes
	case schema.MapNestedAttribute:
		return attribute.NestedObject.Attributes
	case schema.SetNestedAttribute:
		return attribute.NestedObject.Attributes
	}
	return nil
}

func checkDefault(ctx context.Context, where string, attribute schema.Attribute) []string {
	for _, value := range described(attribute, "Default") {
		found := staticDefault.FindStringSubmatch(value.MarkdownDescription(ctx))
		if found == nil {
			return []string{where + ": its default isn't one that this test understands"}
		}
		description := attribute.GetMarkdownDescription()
		if !defaults.MatchString(description) || !strings.Contains(description, found[1]) {
			return []string{where + ": the description doesn't name the default, " + found[1]}
		}
	}
	return nil
}

func checkReplacement(ctx context.Context, where string, attribute schema.Attribute) []string {
	does := slices.ContainsFunc(described(attribute, "PlanModifiers"), func(modifier describer) bool {
		return replacement.MatchString(modifier.Description(ctx))
	})
	says := replaces.MatchString(strings.ReplaceAll(attribute.GetMarkdownDescription(), "never replaces", ""))
	switch {
	case does && !says:
		return []string{where + ": a change replaces the resource, and the description doesn't say so"}
	case says && !does:
		return []string{where + ": the description says that a change replaces the resource, and it doesn't"}
	}
	return nil
}

// describer is what defaults and plan modifiers of all types have in common.
type describer interface {
	Description(ctx context.Context) string
	MarkdownDescription(ctx context.Context) string
}

// described are the defaults or plan modifiers in a field of an attribute. Each type
// of attribute has types of its own for them, so the field is read by its name.
func described(attribute schema.Attribute, field string) []describer {
	value := reflect.ValueOf(attribute).FieldByName(field)
	if !value.IsValid() || value.IsNil() {
		return nil
	}
	if one, ok := reflect.TypeAssert[describer](value); ok {
		return []describer{one}
	}
	var all []describer
	for i := range value.Len() {
		if one, ok := reflect.TypeAssert[describer](value.Index(i)); ok {
			all = append(all, one)
		}
	}
	return all
}
