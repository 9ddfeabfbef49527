package organizationfile_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// contents are file contents that a CLI could change when it generates a configuration.
var contents = map[string]string{
	"json_lines": "{\n \"0\": \"person\"\n}\n", "json_trailing_newline": "{\"0\":\"person\"}\n", "json_leading_spaces": "  {\"0\":\"person\"}",
	"json_compact": `{"0":"person","1":"rider"}`, "json_unsorted": `{"b":1,"a":2}`, "json_fraction": `{"a":1.0}`, "json_list": `[1, 2]`,
	"json_markup": `["<&>"]`, "json_escapes": `["\u00e9"]`, "json_encoded_markup": `["\u003c\u0026\u003e"]`, "json_duplicate": `{"a":1,"a":2}`, "json_duplicate_types": `{"a":1,"a":"b"}`,
	"json_big": `[123456789012345678901234567890]`, "json_exponent": `[1e3]`, "json_huge": `[1e600000000]`, "json_for": `{"for":1}`, "json_null_key": `{"null":null}`,
	"json_empty_object": `{}`, "json_empty_list": `[]`, "json_template": `{"$${x}":"%{if}"}`, "json_broken": `{"a":`, "json_surplus": "[]]",
	"text_decomposed": "e\u0301,1\n", "json_decomposed": "[\"e\u0301\"]", "text_templates": "$${x} ${y} %{if} %%{z} $$${w}",
	"text_line_ends": "a\r\nb\rc", "text_nul": "a\x00b", "text_bom": "\ufeffa,b", "json_bom": "\ufeff{}",
	"primitive_number": "1.0", "primitive_huge": "7E7777777777", "primitive_spaces": " 42\n", "primitive_text": `"text"`, "primitive_true": "true\n", "primitive_null": "null", "primitive_null_line": "null\n",
	"empty": "", "bytes": "\xff\xfe",
}

// contentFiles adds files with these contents to the platform.
func (b *fixture) contentFiles() {
	for name, content := range contents {
		b.AddFile(b.organization, sandbox.File{Ref: name, Type: mappedType, Name: name + ".txt", ContentType: "text/plain", Content: []byte(content)})
	}
}

func TestGeneratedConfigurationKeepsContent(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.contentFiles()
	config := b.Provider()
	for name := range contents {
		config += fmt.Sprintf("import {\n to = guardai_organization_file.%s\n id = \"%d/classmapping/%s\"\n}\n", name, b.organization, url.PathEscape(name))
	}
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": config})
	w.MustRun(t, "init")
	b.importsAll(t, w, w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan"))
}

func TestGeneratedConfigurationOfAQueryKeepsContent(t *testing.T) {
	t.Parallel()
	acceptance.QueriesAndActions.Need(t)
	b := newFixture(t)
	b.contentFiles()
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.Provider(), "files.tfquery.hcl": query("include_resource = true", ofOrganization(b.organization))})
	w.MustRun(t, "init")
	w.MustRun(t, "query", "-generate-config-out=generated.tf")
	b.importsAll(t, w, w.MustRun(t, "plan", "-out=plan"))
}

// importsAll applies a plan that must import all contents and change nothing.
func (b *fixture) importsAll(t *testing.T, w *acceptance.Workspace, plan acceptance.Output) {
	t.Helper()
	want := fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(contents))
	if !strings.Contains(plan.Stdout, want) {
		t.Fatalf("the plan with generated configuration:\n%.8000s", plan.Stdout)
	}
	w.MustRun(t, "apply", "plan")
	if again := w.Run(t, "plan", "-detailed-exitcode"); again.ExitCode != 0 {
		t.Errorf("the plan after the import:\n%.8000s", again.Stdout)
	}
	if got := b.Count("upload_organization_file", "rename_organization_file"); got != 0 {
		t.Errorf("the import wrote %d times", got)
	}
	for _, file := range b.Files(b.organization) {
		if string(file.Content) != contents[file.Ref] {
			t.Errorf("%s holds %q now", file.Ref, file.Content)
		}
	}
}
