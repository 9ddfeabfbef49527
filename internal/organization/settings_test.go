package organization

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// The provider manages all settings that the API documents, except class mapping files, which have their own resource.
func TestAllSettingsAreManaged(t *testing.T) {
	t.Parallel()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	var managed []string
	for _, s := range settings {
		managed = append(managed, s.field)
	}
	documented := maps.Clone(document.Components.Schemas["OrganizationSettings"].Value.Properties)
	delete(documented, "classMappingFiles")
	slices.Sort(managed)
	if want := slices.Sorted(maps.Keys(documented)); !slices.Equal(managed, want) {
		t.Errorf("the provider manages %q, and the API has %q", managed, want)
	}
}

// The policy in examples/gitops finds quotas by their prefix.
func TestQuotasHavePrefix(t *testing.T) {
	t.Parallel()
	for _, s := range settings {
		if _, isQuota := s.kind.(quota); isQuota != strings.HasPrefix(s.attribute, "max_") {
			t.Errorf("%s: begins with max_: %t, want %t", s.attribute, !isQuota, isQuota)
		}
	}
}

// These pages list the settings, and are not generated from the schema.
func TestPagesNameAllSettings(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"examples/modules/organization/README.md", "templates/guides/generic-rest-providers.md"} {
		text, err := fs.ReadFile(os.DirFS("../.."), page)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range settings {
			if !strings.Contains(string(text), "| `"+s.attribute+"` |") {
				t.Errorf("%s: there is no row for %s", page, s.attribute)
			}
		}
	}
}
