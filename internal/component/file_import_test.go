package component_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func TestFileImport(t *testing.T) {
	t.Parallel()
	key := guardai.FileKey{OrganizationID: 42, Type: "classmapping", Ref: "a/b?source=c"}
	id, source := component.CutFileImport(component.FormatFileImport(key, "./files/a?source=b"))
	if id != component.FormatFileID(key) || source != "./files/a?source=b" {
		t.Errorf("the id is %q and the source %q", id, source)
	}
	for _, text := range []string{"42/classmapping/5f1c", "42/a?source=b.csv", "", "?source="} {
		if id, source := component.CutFileImport(text); id != text || source != "" {
			t.Errorf("CutFileImport(%q) = %q, %q", text, id, source)
		}
	}
}
