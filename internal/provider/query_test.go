package provider_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

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
			found, outcome := acceptance.NewDirect(t).List(s.Provider()+fmt.Sprintf("list %q \"test\" {}\n", typeName), limit, true)
			if want := min(limit, 5); int64(len(found)) != want || outcome.Failed {
				t.Errorf("%s with a limit of %d: got %d results, want %d: %s", typeName, limit, len(found), want, outcome.Text)
			}
		}
	}
}
