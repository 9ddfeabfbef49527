package organizationfile_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// An import stores no content. Setting the same content later uploads nothing.
func TestImportStoresNoContent(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`content = "x"`, `content_base64 = "eA=="`, fmt.Sprintf("source = %q", writeTemp(t, "x"))} {
		b := newFixture(t)
		d := acceptance.NewDirect(t)
		b.AddFile(b.organization, sandbox.File{Ref: "r", Name: "a.csv", ContentType: "text/csv", Content: []byte("x")})
		d.Import(b.file(`name = "a.csv"`), b.importID("r")).MustHave(map[string]knownvalue.Check{
			"content": knownvalue.Null(), "content_base64": knownvalue.Null(), "source": knownvalue.Null(),
			"content_sha256": knownvalue.StringExact(sha256Hex("x")), "size": knownvalue.Int64Exact(1),
		})
		d.Plan(b.file(`name = "a.csv"`)).Must("no-op")
		d.Apply(b.file(`name = "a.csv"`, line)).Must("update")
		d.Plan(b.file(`name = "a.csv"`, line)).Must("no-op")
		b.mustUpload(t, 0)
	}
}

// The identity changes with the reference.
func TestIdentityFollowsTheRef(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	step := func(content string) resource.TestStep {
		return resource.TestStep{
			Config: b.file(`name = "a.csv"`, fmt.Sprintf("content = %q", content)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("ref")),
			},
		}
	}
	acceptance.RunWith(t, acceptance.Identity, step("x"), step("y"))
}

func TestImportWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	refs := map[string]sandbox.File{
		"text":   {Ref: `a/b %20?c#d"e`, Type: mappedType, Name: `quo"ted ${x}.csv`, Content: []byte("größer\n${x}\n")},
		"bytes":  {Ref: "bytes", Type: mappedType, Name: "b.bin", Content: []byte{0, 255, 1}},
		"empty":  {Ref: "empty", Type: mappedType, Name: "e.csv"},
		"json":   {Ref: "json", Type: mappedType, Name: "j.json", Content: []byte("{\"b\":1,\"a\":2}\n")},
		"hidden": {Ref: "hidden", Type: "other", Name: "h.csv", Content: []byte("h"), Unlisted: true},
	}
	config := b.Provider()
	for name, file := range refs {
		b.AddFile(b.organization, file)
		config += fmt.Sprintf("import {\n to = guardai_organization_file.%s\n id = %q\n}\n", name,
			fmt.Sprintf("%d/%s/%s", b.organization, file.Type, url.PathEscape(file.Ref)))
	}
	w := newWorkspace(t, config)
	plan := w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan")
	if !strings.Contains(plan.Stdout, "5 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan with generated configuration:\n%.4000s", plan.Stdout)
	}
	w.MustRun(t, "apply", "plan")
	w.MustRun(t, "plan", "-detailed-exitcode")
	if strings.Contains(plan.Stdout, "größer") || strings.Contains(w.Read(t, "generated.tf"), "größer") || strings.Contains(w.Read(t, "terraform.tfstate"), "größer") {
		t.Error("the plan, the generated configuration or state contains the content")
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
	t.Parallel()
	const ref = `a/b %20?c#d"e`
	for _, fileType := range []string{mappedType, "other"} {
		b := newFixture(t)
		d := acceptance.NewDirect(t)
		b.AddFile(b.organization, sandbox.File{Ref: ref, Type: fileType, Name: "a.csv", Content: []byte("one"), Unlisted: fileType != mappedType})
		line := fmt.Sprintf("type = %q", fileType)
		d.Import(b.file(line), fmt.Sprintf("%d/%s/%s", b.organization, fileType, url.PathEscape(ref))).Must()
		d.Plan(b.file(line)).Must("no-op")
		if fileType != mappedType {
			d.Plan(b.file(line, `content = "two"`)).MustFail("No name for new content")
		}
		b.mustUpload(t, 0)
		// The media type follows from the new name, also after a rename.
		d.Apply(b.file(line, `content = "two"`, `name = "b.json"`)).Must("update")
		b.mustHave(t, "b.json", "two")
		if got := b.only(t).ContentType; got != "application/json" {
			t.Errorf("got %q", got)
		}
		d.Apply(b.file(line)).Must("update")
		b.mustUpload(t, 1)
	}
}

func TestImportIDs(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	for _, file := range []sandbox.File{
		{Ref: "1", Name: "road-users.csv", Content: []byte("x")}, {Ref: "2", Name: "same.csv"}, {Ref: "3", Name: "same.csv"}, {Ref: "4", Name: "a/b c.csv", Content: []byte("y")},
	} {
		b.AddFile(b.organization, file)
	}
	for id, want := range map[string]string{
		"1/same.csv": `File name not unique.*/classmapping/2, \d+/classmapping/3`, "1/nothing.csv": `File not found.*None of the 4 files`,
		"1/classmapping/nothing": `no file 1/classmapping/nothing`, "4711/classmapping/nothing": `no file 4711/classmapping/nothing`,
	} {
		acceptance.NewDirect(t).Import(b.file(), id).MustFail(want)
	}
	for _, id := range []string{
		"", "1", "1/", "1/classmapping/a/b", "1/classmapping/", "1//a", "/classmapping/a", "x/classmapping/a", "0/classmapping/a", "1/classmapping/%zz",
		"9223372036854775808/classmapping/a", "1/classmapping/a?sorce=a.csv", "1/classmapping/a?source=",
	} {
		outcome := acceptance.NewDirect(t).Import(b.file(), id)
		outcome.MustFail(`Invalid import id.*ORGANIZATION_ID/TYPE/REF.*ORGANIZATION_ID/NAME`)
		if strings.Contains(outcome.Text, "report") {
			t.Errorf("%q is a bug: %s", id, outcome.Text)
		}
	}
	source := writeTemp(t, "x")
	for id, want := range map[string][2]string{
		"1/road-users.csv": {"1", "x"}, "1/a%2Fb%20c.csv": {"4", "y"}, "1/road-users.csv?source=" + source: {"1", "x"},
	} {
		d := acceptance.NewDirect(t)
		values := map[string]knownvalue.Check{
			"id": knownvalue.StringExact(b.importID(want[0])), "content_sha256": knownvalue.StringExact(sha256Hex(want[1])), "source": knownvalue.Null(),
		}
		if strings.Contains(id, "source") {
			values["source"] = knownvalue.StringExact(source)
		}
		d.Import(b.file(), id).MustHave(values)
	}
}
