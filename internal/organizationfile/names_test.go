package organizationfile_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The platform would keep only the part after the last slash.
func TestNamesWithSlashes(t *testing.T) {
	for name, want := range map[string]string{
		"maps/road.csv": `Set\s+name\s+to\s+"road.csv"`, `maps\road.csv`: `Set\s+name\s+to\s+"road.csv"`, "/": `Set\s+name\s+to\s+one\s+without`, "maps/": `Set\s+name\s+to\s+one\s+without`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			acceptance.Run(t, resource.TestStep{
				Config: b.file(fmt.Sprintf("name = %q", name), `content = "x"`), PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?s)Invalid name of a file.*name =.*` + want),
			})
		})
	}
}

// An imported name with a slash stays until new content is uploaded with it.
func TestImportedNameWithASlash(t *testing.T) {
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: "maps/road.csv", Content: []byte("x")})
	block := fmt.Sprintf("import {\n to = %s\n id = \"%d/classmapping/r\"\n}\n", address, b.organization)
	acceptance.Run(t,
		resource.TestStep{Config: block + b.file(`name = "maps/road.csv"`, `content = "x"`), Check: b.uploads(0)},
		resource.TestStep{Config: b.file(`name = "maps/road.csv"`, `content = "x"`), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{
			Config:      b.file(`name = "maps/road.csv"`, `content = "y"`),
			ExpectError: regexp.MustCompile(`(?s)Invalid name of a file.*Set\s+name\s+to\s+"road.csv"`),
		},
		resource.TestStep{Config: b.file(`name = "road.csv"`, `content = "y"`), Check: b.hasFile("road.csv", "y")},
	)
}

// Terraform normalizes strings to NFC, but the platform may hold others.
const (
	composed   = "\u00e9"
	decomposed = "e\u0301"
)

func TestRefNotInNFC(t *testing.T) {
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: decomposed, Type: mappedType, Name: "a.csv", Content: []byte("x")})
	block := fmt.Sprintf("import {\n to = %s\n id = \"%d/classmapping/e%%CC%%81\"\n}\n", address, b.organization)
	acceptance.Run(t,
		resource.TestStep{Config: block + b.file(`name = "a.csv"`, `content = "x"`), Check: b.uploads(0)},
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "x"`), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "y"`), Check: b.hasFile("b.csv", "y")},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "y"`), ConfigPlanChecks: emptyPlan()},
	)
	if left := b.Files(b.organization); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

func TestNameNotInNFC(t *testing.T) {
	const data = "data.guardai_organization_file.test"
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: decomposed + ".csv", Content: []byte("x")})
	lookup := fmt.Sprintf("data \"guardai_organization_file\" \"test\" {\n organization_id = \"%d\"\n name = %q\n}\n", b.organization, composed+".csv")
	block := fmt.Sprintf("import {\n to = %s\n id = \"%d/%s.csv\"\n}\n", address, b.organization, composed)
	acceptance.Run(t,
		resource.TestStep{Config: b.Provider() + lookup, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(data, tfjsonpath.New("ref"), knownvalue.StringExact("r")),
		}},
		resource.TestStep{Config: block + b.file(fmt.Sprintf("name = %q", composed+".csv"), `content = "x"`), Check: b.uploads(0)},
		resource.TestStep{Config: b.file(fmt.Sprintf("name = %q", composed+".csv"), `content = "x"`), ConfigPlanChecks: emptyPlan()},
	)
	if got := b.Count("rename_organization_file"); got != 0 {
		t.Errorf("got %d renames", got)
	}
}
