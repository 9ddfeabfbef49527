package organizationfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b  c.csv", `a "b" 'c'.csv`, "Größe 車.csv", strings.Repeat("é", 251) + ".csv", `<a>&amp;%20.csv`} {
		b := newFixture(t)
		d := acceptance.NewDirect(t)
		for _, name := range []string{name, "other.csv", name} {
			d.Apply(b.file(fmt.Sprintf("name = %q", name), `content = "x"`)).Must()
			b.mustHave(t, name, "x")
		}
	}
}

// An imported name with a slash stays until new content is uploaded with it. The platform would keep only the part
// after the last slash.
func TestImportedNameWithASlash(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: "maps/road.csv", Content: []byte("x")})
	config := b.file(`name = "maps/road.csv"`, `content = "x"`)
	d.Import(config, b.importID("r")).Must()
	d.Apply(config).Must("update")
	b.mustUpload(t, 0)
	d.Plan(b.file(`name = "maps/road.csv"`, `content = "y"`)).MustFail(`Invalid name of a file: name =.*Set name to "road.csv"`)
	d.Apply(b.file(`name = "road.csv"`, `content = "y"`)).Must("update")
	b.mustHave(t, "road.csv", "y")
}

// Terraform normalizes strings to NFC, but the platform may hold others.
const (
	composed   = "\u00e9"
	decomposed = "e\u0301"
)

func TestRefNotInNFC(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	b.AddFile(b.organization, sandbox.File{Ref: decomposed, Type: mappedType, Name: "a.csv", Content: []byte("x")})
	d.Import(b.file(aFile), b.importID("e%CC%81")).Must()
	d.Apply(b.file(aFile)).Must("update")
	b.mustUpload(t, 0)
	d.Apply(b.file(`name = "b.csv"`, `content = "y"`)).Must("update")
	b.mustHave(t, "b.csv", "y")
	d.Plan(b.file(`name = "b.csv"`, `content = "y"`)).Must("no-op")
	d.Destroy(b.file(aFile)).Must()
	b.mustBeEmpty(t)
}

func TestNameNotInNFC(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: decomposed + ".csv", Content: []byte("x")})
	name := fmt.Sprintf("name = %q", composed+".csv")
	b.read(t, fileData, name).MustHave(map[string]knownvalue.Check{"ref": knownvalue.StringExact("r")})
	config := b.file(name, `content = "x"`)
	d.Import(config, fmt.Sprintf("%d/%s.csv", b.organization, composed)).Must()
	d.Apply(config).Must("update")
	d.Plan(config).Must("no-op")
	if got := b.Count("rename_organization_file", "upload_organization_file"); got != 0 {
		t.Errorf("got %d writes", got)
	}
}
