package organizationfile_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestImport(t *testing.T) {
	b := newFixture(t)
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "x"`, `dataset_id = "3"`)},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
	)
}

func TestImportByIdentity(t *testing.T) {
	b := newFixture(t)
	t.Parallel()
	acceptance.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{acceptance.Identity},
		Steps: []resource.TestStep{
			{Config: b.file(`name = "a.csv"`, `content = "x"`)},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// The identity changes with the reference.
func TestIdentityFollowsTheRef(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	t.Parallel()
	acceptance.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{acceptance.Identity},
		Steps: []resource.TestStep{
			{Config: b.file(`name = "a.csv"`, `content = "x"`)},
			{Config: b.file(`name = "a.csv"`, `content = "y"`)},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestImportWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	refs := map[string]sandbox.File{
		"text":   {Ref: `a/b %20?c#d"e`, Type: mappedType, Name: `quo"ted ${x}.csv`, Content: []byte("größer\n${x}\n")},
		"bytes":  {Ref: "bytes", Type: mappedType, Name: "b.bin", Content: []byte{0, 255, 1}},
		"empty":  {Ref: "empty", Type: mappedType, Name: "e.csv"},
		"large":  {Ref: "large", Type: mappedType, Name: "l.csv", Content: []byte(strings.Repeat("x", 64<<10+1))},
		"bound":  {Ref: "bound", Type: mappedType, Name: "m.csv", Content: []byte(strings.Repeat("x", 64<<10))},
		"hidden": {Ref: "hidden", Type: "other", Name: "h.csv", Content: []byte("h"), Unlisted: true},
	}
	config := b.Provider()
	for name, file := range refs {
		b.AddFile(b.organization, file)
		config += fmt.Sprintf("import {\n to = guardai_organization_file.%s\n id = %q\n}\n", name,
			fmt.Sprintf("%d/%s/%s", b.organization, file.Type, url.PathEscape(file.Ref)))
	}
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": config})
	w.MustRun(t, "init")
	plan := w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan")
	if !strings.Contains(plan.Stdout, "6 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan with generated configuration:\n%.4000s", plan.Stdout)
	}
	w.MustRun(t, "apply", "plan")
	if again := w.Run(t, "plan", "-detailed-exitcode"); again.ExitCode != 0 {
		t.Errorf("the plan after the import:\n%.4000s", again.Stdout)
	}
	if state := w.Read(t, "terraform.tfstate"); strings.Contains(state, strings.Repeat("x", 64<<10+1)) {
		t.Error("a large content is in state")
	}
	if got := b.Count("upload_organization_file", "rename_organization_file"); got != 0 {
		t.Errorf("the import wrote %d times", got)
	}
	// Every call finds a file with special characters in its reference.
	w.MustRun(t, "destroy", "-auto-approve", "-target=guardai_organization_file.text")
	if _, found := b.File(b.organization, mappedType, refs["text"].Ref); found {
		t.Error("the file with the odd reference is still there")
	}
}

// Files of an undocumented type have no known name, but their content can still be changed and replaced.
func TestImportedFileIsChanged(t *testing.T) {
	for name, fileType := range map[string]string{"listed": mappedType, "not listed": "other"} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			const ref = `a/b %20?c#d"e`
			b.AddFile(b.organization, sandbox.File{Ref: ref, Type: fileType, Name: "a.csv", Content: []byte("one"), Unlisted: fileType != mappedType})
			block := fmt.Sprintf("import {\n to = %s\n id = \"%d/%s/%s\"\n}\n", address, b.organization, fileType, url.PathEscape(ref))
			holdsTwo := b.onlyFile(func(file sandbox.File) error {
				if file.Name != "b.json" || string(file.Content) != "two" || file.ContentType != "application/json" {
					return fmt.Errorf("got %q of type %q with %q", file.Name, file.ContentType, file.Content)
				}
				return nil
			})
			known := fileType == mappedType
			fileType := fmt.Sprintf("type = %q", fileType)
			var steps []resource.TestStep
			if !known {
				steps = append(steps, resource.TestStep{Config: b.file(fileType, `content = "two"`), ExpectError: regexp.MustCompile("No name for new content")})
			}
			steps = append([]resource.TestStep{
				{Config: block + b.file(fileType), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.uploads(0)},
				{Config: b.file(fileType), ConfigPlanChecks: emptyPlan()},
			}, steps...)
			// The media type follows from the new name, also after a rename.
			acceptance.Run(t, append(steps,
				resource.TestStep{Config: b.file(fileType, `content = "two"`, `name = "b.json"`), Check: resource.ComposeAggregateTestCheckFunc(b.uploads(1), holdsTwo)},
				resource.TestStep{Config: b.file(fileType), Check: b.uploads(1)},
			)...)
		})
	}
}

func TestImportOfInvalidIDs(t *testing.T) {
	for name, id := range map[string]string{
		"too few parts": "1", "nothing after the slash": "1/", "too many parts": "1/classmapping/a/b", "no ref": "1/classmapping/", "no type": "1//a",
		"no organization": "/classmapping/a", "organization a word": "x/classmapping/a", "organization zero": "0/classmapping/a",
		"bad escape": "1/classmapping/%zz", "past int64": "9223372036854775808/classmapping/a",
		"misspelled source": "1/classmapping/a?sorce=a.csv", "empty source": "1/classmapping/a?source=",
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			acceptance.Run(t, resource.TestStep{
				Config: b.file(`name = "a"`, `content = "x"`), ResourceName: address,
				ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(`(?s)Invalid import id.*ORGANIZATION_ID/TYPE/REF.*ORGANIZATION_ID/NAME`),
			})
		})
	}
}

func TestImportOfAnEmptyID(t *testing.T) {
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a"`, `content = "x"`)})
	w.MustRun(t, "init")
	output := w.RunTo(t, 1, "import", address, "").Text()
	if !strings.Contains(output, "Invalid import id") || strings.Contains(output, "report") {
		t.Errorf("the error is:\n%s", output)
	}
}

func TestImportByName(t *testing.T) {
	source := writeTemp(t, "x")
	imported := func(ref, name, value string) func(*fixture) resource.TestStep {
		return func(b *fixture) resource.TestStep {
			return resource.TestStep{
				ConfigStateChecks: []statecheck.StateCheck{
					attribute("id", knownvalue.StringExact(fmt.Sprintf("%d/classmapping/%s", b.organization, ref))),
					attribute(name, knownvalue.StringExact(value)),
				},
				Check: b.uploads(0),
			}
		}
	}
	fails := func(want string) func(*fixture) resource.TestStep {
		return func(*fixture) resource.TestStep { return resource.TestStep{ExpectError: regexp.MustCompile(want)} }
	}
	for name, test := range map[string]struct {
		id, name, content string
		step              func(*fixture) resource.TestStep
	}{
		"unique":      {"road-users.csv", "road-users.csv", `content = "x"`, imported("1", "content", "x")},
		"not unique":  {"same.csv", "same.csv", `content = "x"`, fails(`(?s)File name not unique.*/classmapping/2,\s+\d+/classmapping/3`)},
		"missing":     {"nothing.csv", "nothing.csv", `content = "x"`, fails(`(?s)File not found.*None\s+of\s+the\s+4\s+files`)},
		"escaped":     {"a%2Fb%20c.csv", "a/b c.csv", `content = "y"`, imported("4", "content", "y")},
		"with source": {"road-users.csv?source=" + source, "road-users.csv", fmt.Sprintf("source = %q", source), imported("1", "source", source)},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			for _, file := range []sandbox.File{
				{Ref: "1", Name: "road-users.csv", Content: []byte("x")}, {Ref: "2", Name: "same.csv"}, {Ref: "3", Name: "same.csv"}, {Ref: "4", Name: "a/b c.csv", Content: []byte("y")},
			} {
				b.AddFile(b.organization, file)
			}
			step := test.step(b)
			step.Config = fmt.Sprintf("import {\n to = %s\n id = \"%d/%s\"\n}\n", address, b.organization, test.id) +
				b.file(fmt.Sprintf("name = %q", test.name), test.content)
			acceptance.Run(t, step)
		})
	}
}

func TestImportOfAMissingFile(t *testing.T) {
	b := newFixture(t)
	for _, id := range []string{fmt.Sprintf("%d/classmapping/nothing", b.organization), "4711/classmapping/nothing"} {
		t.Run(id, func(t *testing.T) {
			acceptance.Run(t, resource.TestStep{
				Config: b.file(`name = "a"`, `content = "x"`), ResourceName: address,
				ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(`(?s)non-existent remote object`),
			})
		})
	}
}
