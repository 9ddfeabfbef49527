package conformance

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// expectProblem requires exactly one problem that contains words, or none if words is empty.
func expectProblem(t *testing.T, problems []string, words string) {
	t.Helper()
	switch {
	case words == "" && len(problems) > 0:
		t.Errorf("problems: %q", problems)
	case words != "" && (len(problems) != 1 || !strings.Contains(problems[0], words)):
		t.Errorf("got %q, want one problem with %q", problems, words)
	}
}

func TestIncompleteAttributes(t *testing.T) {
	t.Parallel()
	const format = tfprotov6.StringKindMarkdown
	for name, test := range map[string]struct {
		attribute tfprotov6.SchemaAttribute
		want      string
	}{
		"complete":            {tfprotov6.SchemaAttribute{Name: "name", Description: "Name of it.", DescriptionKind: format}, ""},
		"no description":      {tfprotov6.SchemaAttribute{Name: "name", DescriptionKind: format}, "name: its description is not a sentence"},
		"no period":           {tfprotov6.SchemaAttribute{Name: "name", Description: "Name of it", DescriptionKind: format}, "not a sentence"},
		"no capital":          {tfprotov6.SchemaAttribute{Name: "name", Description: "name of it.", DescriptionKind: format}, "not a sentence"},
		"ellipsis":            {tfprotov6.SchemaAttribute{Name: "name", Description: "Name...", DescriptionKind: format}, "not a sentence"},
		"plain text":          {tfprotov6.SchemaAttribute{Name: "name", Description: "Name of it."}, "not a MarkdownDescription"},
		"open secret":         {tfprotov6.SchemaAttribute{Name: "api_key", Description: "Key.", DescriptionKind: format}, "named like a secret"},
		"secret":              {tfprotov6.SchemaAttribute{Name: "api_key", Description: "Key.", DescriptionKind: format, Sensitive: true}, ""},
		"id of a secret":      {tfprotov6.SchemaAttribute{Name: "api_key_id", Type: tftypes.String, Description: "Id.", DescriptionKind: format}, ""},
		"id":                  {tfprotov6.SchemaAttribute{Name: "id", Type: tftypes.String, Description: "Id.", DescriptionKind: format}, ""},
		"id, a number":        {tfprotov6.SchemaAttribute{Name: "id", Type: tftypes.Number, Description: "Id.", DescriptionKind: format}, "not a string"},
		"ids, numbers":        {tfprotov6.SchemaAttribute{Name: "project_ids", Type: tftypes.List{ElementType: tftypes.Number}, Description: "Ids.", DescriptionKind: format}, "not a string"},
		"switch":              {tfprotov6.SchemaAttribute{Name: "on", Type: tftypes.Bool, Optional: true, Description: "On. Default: `false`.", DescriptionKind: format}, ""},
		"switch, no default":  {tfprotov6.SchemaAttribute{Name: "on", Type: tftypes.Bool, Optional: true, Description: "On.", DescriptionKind: format}, "default"},
		"incomplete and deep": {tfprotov6.SchemaAttribute{Name: "a", Description: "All of it.", DescriptionKind: format, NestedType: &tfprotov6.SchemaObject{Attributes: []*tfprotov6.SchemaAttribute{{Name: "b"}}}}, "attribute a.b: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectProblem(t, checkAttributes("resource x", "", []*tfprotov6.SchemaAttribute{&test.attribute}), test.want)
		})
	}
}

func TestIncompleteBlocks(t *testing.T) {
	t.Parallel()
	block := &tfprotov6.SchemaBlock{
		Description: "A thing.", DescriptionKind: tfprotov6.StringKindMarkdown,
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "inner", Block: &tfprotov6.SchemaBlock{}}},
	}
	expectProblem(t, checkSchema("resource x", &tfprotov6.Schema{Block: block}), "resource x.inner: its description")
	expectProblem(t, checkSchema("resource x", nil), "no schema")
	expectProblem(t, checkIdentity("resource x", nil), "no identity")
	expectProblem(t, checkIdentity("resource x", &tfprotov6.ResourceIdentitySchema{
		IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{{Name: "id", Type: tftypes.String}},
	}), "identity attribute id: ")
}

func TestDescriptionsWithoutDefaultOrReplacement(t *testing.T) {
	t.Parallel()
	replace := []planmodifier.Int64{int64planmodifier.RequiresReplace()}
	keep := []planmodifier.Int64{int64planmodifier.UseStateForUnknown()}
	for name, test := range map[string]struct {
		attribute schema.Attribute
		want      string
	}{
		"default":             {schema.BoolAttribute{MarkdownDescription: "On. Default: `true`.", Default: booldefault.StaticBool(true)}, ""},
		"default in words":    {schema.StringAttribute{MarkdownDescription: "Type. Only `x`, the default.", Default: stringdefault.StaticString("x")}, ""},
		"no default":          {schema.BoolAttribute{MarkdownDescription: "On.", Default: booldefault.StaticBool(true)}, "attribute x: the description doesn't name the default, `true`"},
		"other default":       {schema.BoolAttribute{MarkdownDescription: "On. Default: `false`.", Default: booldefault.StaticBool(true)}, "`true`"},
		"replacement":         {schema.Int64Attribute{MarkdownDescription: "Id. A change replaces the file.", PlanModifiers: replace}, ""},
		"silent replacement":  {schema.Int64Attribute{MarkdownDescription: "Id.", PlanModifiers: replace}, "doesn't say so"},
		"no replacement":      {schema.Int64Attribute{MarkdownDescription: "Id. A change replaces the file.", PlanModifiers: keep}, "and it doesn't"},
		"replacement denied":  {schema.Int64Attribute{MarkdownDescription: "Id. A change never replaces the file.", PlanModifiers: keep}, ""},
		"nothing to announce": {schema.Int64Attribute{MarkdownDescription: "Id.", PlanModifiers: keep}, ""},
		"deep": {schema.SingleNestedAttribute{Attributes: map[string]schema.Attribute{
			"y": schema.Int64Attribute{PlanModifiers: replace},
		}}, "attribute x.y: "},
		"deep in a list": {schema.ListNestedAttribute{NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"y": schema.Int64Attribute{PlanModifiers: replace},
		}}}, "attribute x.y: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectProblem(t, checkResourceAttributes(t.Context(), "resource x", "", map[string]schema.Attribute{"x": test.attribute}), test.want)
		})
	}
}

// complete returns a repository with all files that a resource needs.
func complete() (fstest.MapFS, component) {
	root := fstest.MapFS{}
	for name, content := range map[string]string{
		"examples/resources/guardai_thing/resource.tf":            "resource \"guardai_thing\" \"x\" {}",
		"examples/resources/guardai_thing/import.sh":              "terraform import guardai_thing.x 1",
		"examples/resources/guardai_thing/import-by-string-id.tf": "import {\n  to = guardai_thing.x\n}",
		"examples/resources/guardai_thing/import-by-identity.tf":  "import {\n  to = guardai_thing.x\n}",
		"docs/resources/thing.md":                                 "# guardai_thing",
		"README.md":                                               "| [`guardai_thing`](docs/resources/thing.md) |",
		"CHANGELOG.md":                                            "## 0.1.0\n\n* **New Resource:** `guardai_thing`\n",
		"internal/provider/conformance/x_test.go":                 `const config = "resource \"guardai_thing\" \"test\" {}"`,
	} {
		root[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return root, component{resourceKind, "guardai_thing", &incompleteResource{}}
}

func TestMissingFiles(t *testing.T) {
	t.Parallel()
	all, c := complete()
	expectProblem(t, checkFiles(all, c), "")
	for name := range all {
		lacking := maps.Clone(all)
		delete(lacking, name)
		words := name
		if strings.HasSuffix(name, "_test.go") {
			words = "no test file in internal/provider/conformance"
		}
		expectProblem(t, checkFiles(lacking, c), words)
	}
}

func TestTestFilesOfOtherComponents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`resource "guardai_thing" "x"`:        true,
		`resource \"guardai_thing\" \"x\"`:    true,
		`"resource %q"` + ` "guardai_thing"`:  true,
		`data "guardai_thing" "x"`:            false,
		`resource "guardai_thing_file" "x"`:   false,
		`"resource %q"` + ` "guardai_things"`: false,
		`// resource guardai_thing`:           false,
	} {
		root, c := complete()
		root["internal/provider/conformance/x_test.go"].Data = []byte(text)
		if got := len(checkFiles(root, c)) == 0; got != want {
			t.Errorf("%s: counts as a test: %t, want %t", text, got, want)
		}
	}
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	root, c := complete()
	expectProblem(t, leftovers(root, []component{c}), "")
	gone := leftovers(root, nil)
	slices.Sort(gone)
	if len(gone) != 2 || !strings.HasPrefix(gone[0], "docs/resources/thing.md: ") || !strings.HasPrefix(gone[1], "examples/resources/guardai_thing: ") {
		t.Errorf("got %q", gone)
	}
}
