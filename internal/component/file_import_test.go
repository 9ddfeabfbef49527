package component_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func TestFileImport(t *testing.T) {
	t.Parallel()
	key := guardai.FileKey{OrganizationID: 42, Type: "classmapping", Ref: "a/b?source=c"}
	id, source, err := component.ParseFileImport(component.FormatFileImport(key, "./files/a?source=b"))
	if id != component.FormatFileID(key) || source != "./files/a?source=b" || err != nil {
		t.Errorf("the id is %q, the source %q and the error %v", id, source, err)
	}
	for _, text := range []string{"42/classmapping/5f1c", "42/a.csv", ""} {
		if id, source, err := component.ParseFileImport(text); id != text || source != "" || err != nil {
			t.Errorf("CutFileImport(%q) = %q, %q, %v", text, id, source, err)
		}
	}
	if _, _, err := component.ParseFileImport("42/a.csv?source="); err == nil {
		t.Error("an import without a path has a source")
	}
}
