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
	// staticDefault matches the framework's descriptions of static defaults.
	staticDefault = regexp.MustCompile("^value defaults to (`.*`)$")
	// replacement matches the framework's descriptions of plan modifiers that replace a resource.
	replacement = regexp.MustCompile(`(?i)\b(recreate|replaces?)\b`)
	// replaces matches the description of an attribute that replaces the resource, or of one that says it never does.
	replaces = regexp.MustCompile(`\breplaces the `)
)

// checkResource returns the attributes whose description doesn't mention their default or that a change replaces the
// resource. The protocol's schema contains neither.
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

// describer is implemented by the defaults and plan modifiers of all types.
type describer interface {
	Description(ctx context.Context) string
	MarkdownDescription(ctx context.Context) string
}

// described returns the defaults or plan modifiers in a field of an attribute. Each attribute type has its own types
// for them, so the field is read by reflection.
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
