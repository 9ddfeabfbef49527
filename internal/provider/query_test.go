package provider_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// queries have a limit above the default of 100.
const queries = `
list "guardai_organization" "all" {
  provider = guardai
  limit    = 200
}

list "guardai_organization_file" "all" {
  provider = guardai
  limit    = 200
}
`

// addOrganizations adds organizations with one file each, of every kind that an import treats differently.
func addOrganizations(s *acceptance.Sandbox, count int) {
	dataset := int64(9)
	kinds := []sandbox.File{
		{Name: "classes.csv", ContentType: "text/csv", Content: []byte("0,car\n1,bus\n")},
		{Name: `quo"ted ${x} %{y}.csv`, Ref: `a/b %20?c#d"e`, Content: []byte("größer\n${x}\n")},
		{Name: "bytes.bin", Content: []byte{0, 255, 1}, DatasetID: &dataset},
		{Name: "empty.csv"},
		{Name: "large.csv", Content: bytes.Repeat([]byte("x"), 64<<10+1)},
	}
	settings := []map[string]any{nil, {}, {"disabledFeatures": []any{"EVALUATION"}, "maxItemCount": 0, "retentionDays": 30}}
	for i := range count {
		org := s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf(`fleet "%d" ${x}`, i/2), Settings: settings[i%len(settings)]})
		file := kinds[i%len(kinds)]
		file.Type = "classmapping"
		s.AddFile(org.ID, file)
	}
}

func TestQueryGeneratesConfiguration(t *testing.T) {
	t.Parallel()
	const count = 130
	s := acceptance.NewSandbox(t)
	addOrganizations(s, count)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider(), "all.tfquery.hcl": queries})
	acceptance.QueriesAndActions.Need(t)
	w.MustRun(t, "init")
	w.MustRun(t, "query", "-generate-config-out=generated.tf")
	for operation, want := range map[string]int{"get_organizations": 1, "get_organization": 0, "download_organization_file": count} {
		if got := s.Count(operation); got != want {
			t.Errorf("%s: got %d calls by the query, want %d", operation, got, want)
		}
	}
	plan := w.MustRun(t, "plan", "-out=plan").Stdout
	if want := fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", 2*count); !strings.Contains(plan, want) {
		t.Errorf("not %q in the plan:\n%.8000s", want, plan)
	}
	w.MustRun(t, "apply", "plan")
	expectNoChanges(t, w)
	if got := s.Count("add_organization", "update_organization", "upload_organization_file", "rename_organization_file"); got != 0 {
		t.Errorf("the import wrote %d times", got)
	}
}

// The provider itself must respect the limit, even if a CLI would accept more results.
func TestQueryLimit(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	addOrganizations(s, 5)
	for _, typeName := range []string{"guardai_organization", "guardai_organization_file"} {
		for _, limit := range []int64{0, 1, 3, 100} {
			results := listResults(t, s, &tfprotov6.ListResourceRequest{TypeName: typeName, Limit: limit, IncludeResource: true})
			if want := min(limit, 5); int64(len(results)) != want {
				t.Errorf("%s with a limit of %d: got %d results, want %d", typeName, limit, len(results), want)
			}
		}
	}
}

// listResults calls the provider directly, without a CLI that could drop results.
func listResults(t *testing.T, s *acceptance.Sandbox, request *tfprotov6.ListResourceRequest) []tfprotov6.ListResourceResult {
	t.Helper()
	server, err := acceptance.Factories()["guardai"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: object(t, schemas.Provider, map[string]string{"host": s.URL, "api_key_id": sandbox.AdminKeyID, "api_key": sandbox.AdminKey}),
	})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured.Diagnostics)
	}
	request.Config = object(t, schemas.ListResourceSchemas[request.TypeName], nil)
	lists, ok := server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatalf("%T lists nothing", server)
	}
	stream, err := lists.ListResource(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	results := slices.Collect(stream.Results)
	for _, result := range results {
		if len(result.Diagnostics) > 0 || result.Identity == nil || result.Resource == nil {
			t.Fatalf("got %+v", result)
		}
	}
	return results
}

// object returns a configuration that sets only these strings.
func object(t *testing.T, schema *tfprotov6.Schema, texts map[string]string) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		values[attribute.Name] = tftypes.NewValue(attribute.Type, nil)
		if text, set := texts[attribute.Name]; set {
			values[attribute.Name] = tftypes.NewValue(attribute.Type, text)
		}
	}
	value, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), values))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}
