package examples_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

const production = "gitops/environments/production"

// jsonSchema is the part of a JSON Schema that corresponds to a type.
type jsonSchema struct {
	Type                 []string
	Properties           map[string]jsonSchema
	AdditionalProperties json.RawMessage
}

// The YAML files may contain the module's variables and nothing else, and main.tf passes all of them.
func TestSchemaMatchesModule(t *testing.T) {
	t.Parallel()
	var schema jsonSchema
	if err := json.Unmarshal([]byte(readExample(t, production+"/organizations/organization.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	variables := map[string]cty.Type{}
	for _, block := range parseBlocks(t, module+"/variables.tf", "variable") {
		kind, _, diags := typeexpr.TypeConstraintWithDefaults(block.Body.Attributes["type"].Expr)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		variables[block.Labels[0]] = kind
	}
	checkSchema(t, "organization", schema, variables)

	arguments := slices.Collect(maps.Keys(parseBlocks(t, production+"/main.tf", "module")[0].Body.Attributes))
	arguments = slices.DeleteFunc(arguments, func(name string) bool { return name == "source" || name == "for_each" })
	if want := slices.Sorted(maps.Keys(variables)); !slices.Equal(slices.Sorted(slices.Values(arguments)), want) {
		t.Errorf("main.tf passes %q, want %q", arguments, want)
	}
}

// checkSchema checks that a schema has these attributes, with the corresponding types.
func checkSchema(t *testing.T, at string, schema jsonSchema, attributes map[string]cty.Type) {
	t.Helper()
	if got, want := slices.Sorted(maps.Keys(schema.Properties)), slices.Sorted(maps.Keys(attributes)); !slices.Equal(got, want) {
		t.Errorf("%s: the schema has %q, want %q", at, got, want)
	}
	if string(schema.AdditionalProperties) != "false" {
		t.Errorf("%s: the schema allows other properties", at)
	}
	for name, kind := range attributes {
		property := schema.Properties[name]
		want := "array"
		switch {
		case kind == cty.String:
			want = "string"
		case kind == cty.Number:
			want = "integer"
		case kind == cty.Bool:
			want = "boolean"
		case kind.IsMapType():
			want = "object"
			var element jsonSchema
			// The type of an element is "object" alone, because a file that is null is a mistake.
			_ = json.Unmarshal(property.AdditionalProperties, &element)
			checkSchema(t, name, element, kind.ElementType().AttributeTypes())
		}
		if !slices.Equal(property.Type, []string{want, "null"}) {
			t.Errorf("%s.%s: the type is %q, want %s or null", at, name, property.Type, want)
		}
	}
}

// parseBlocks returns the blocks of one type in a file of the examples.
func parseBlocks(t *testing.T, name, kind string) (blocks []*hclsyntax.Block) {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(readExample(t, name)), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body, _ := file.Body.(*hclsyntax.Body)
	for _, block := range body.Blocks {
		if block.Type == kind {
			blocks = append(blocks, block)
		}
	}
	return blocks
}
