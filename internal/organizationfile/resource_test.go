package organizationfile_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	address    = "guardai_organization_file.test"
	mappedType = "classmapping"
)

// fixture is a sandbox with one organization.
type fixture struct {
	*acceptance.Sandbox
	organization int64
}

func newFixture(t *testing.T, change ...func(*sandbox.Config)) *fixture {
	t.Helper()
	s := acceptance.NewSandbox(t, change...)
	return &fixture{s, s.AddOrganization(sandbox.Organization{Name: "org"}).ID}
}

// file returns a configuration of a file with these lines.
func (b *fixture) file(lines ...string) string {
	return b.Provider() + fmt.Sprintf("resource \"guardai_organization_file\" \"test\" {\n organization_id = \"%d\"\n %s\n}\n",
		b.organization, strings.Join(lines, "\n "))
}

// only returns the organization's only file.
func (b *fixture) only(t *testing.T) sandbox.File {
	t.Helper()
	files := b.Files(b.organization)
	if len(files) != 1 {
		t.Fatalf("got %d files on the platform, want 1", len(files))
	}
	return files[0]
}

func (b *fixture) mustHave(t *testing.T, name, content string) {
	t.Helper()
	if file := b.only(t); file.Name != name || string(file.Content) != content {
		t.Errorf("got %q with %q on the platform, want %q with %q", file.Name, file.Content, name, content)
	}
}

func (b *fixture) mustUpload(t *testing.T, times int) {
	t.Helper()
	if got := b.Count("upload_organization_file"); got != times {
		t.Errorf("got %d uploads, want %d", got, times)
	}
}

// changeFiles changes all files of the organization outside Terraform.
func (b *fixture) changeFiles(what func(*sandbox.File)) {
	for _, file := range b.Files(b.organization) {
		b.UpdateFile(b.organization, file.Type, file.Ref, what)
	}
}

// importID returns the import id of a file.
func (b *fixture) importID(ref string) string {
	return fmt.Sprintf("%d/classmapping/%s", b.organization, ref)
}

// newWorkspace returns an initialized workspace with a configuration.
func newWorkspace(t *testing.T, configuration string) *acceptance.Workspace {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": configuration})
	w.MustRun(t, "init")
	return w
}

func (b *fixture) hasFile(t *testing.T, name, content string, uploads int) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		b.mustHave(t, name, content)
		b.mustUpload(t, uploads)
		return nil
	}
}

func sha256Hex(content string) string {
	digest := sha256.Sum256([]byte(content))
	return hex.EncodeToString(digest[:])
}

func writeTemp(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "map.csv")
	rewrite(t, name, content)
	return name
}

func rewrite(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func attribute(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), value)
}

func planned(action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append(more, plancheck.ExpectResourceAction(address, action))}
}

func TestLifecycle(t *testing.T) {
	b := newFixture(t)
	source := writeTemp(t, "one")
	config := b.file(fmt.Sprintf("source = %q", source))
	changeAll := func(what func(*sandbox.File)) func() { return func() { b.changeFiles(what) } }
	acceptance.Run(t,
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate,
				plancheck.ExpectKnownValue(address, tfjsonpath.New("content_sha256"), knownvalue.StringExact(sha256Hex("one"))),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("map.csv"))),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("type", knownvalue.StringExact(mappedType)),
				attribute("size", knownvalue.Int64Exact(3)),
				attribute("content", knownvalue.Null()),
				attribute("content_base64", knownvalue.Null()),
				attribute("content_type", knownvalue.StringExact("text/csv")),
				attribute("dataset_id", knownvalue.Null()),
				attribute("id", knownvalue.StringRegexp(regexp.MustCompile(fmt.Sprintf("^%d/classmapping/.+", b.organization)))),
			},
			Check: b.hasFile(t, "map.csv", "one", 1),
		},
		resource.TestStep{
			// Both the local file and the one on the platform changed.
			PreConfig: func() {
				rewrite(t, source, "two!")
				b.changeFiles(func(file *sandbox.File) { file.Content, file.Name = []byte("theirs"), "theirs.csv" })
			},
			Config:           b.file(fmt.Sprintf("source = %q", source), `name = "map.csv"`),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            b.hasFile(t, "map.csv", "two!", 2),
		},
		resource.TestStep{
			Config:           b.file(fmt.Sprintf("source = %q", source), `dataset_id = "7"`),
			ConfigPlanChecks: planned(plancheck.ResourceActionReplace),
			Check:            b.hasFile(t, "map.csv", "two!", 3),
		},
		resource.TestStep{
			PreConfig: changeAll(func(f *sandbox.File) { f.ProjectIDs = []int64{12, 34} }),
			Config:    config, Destroy: true, ExpectError: regexp.MustCompile(`(?s)is in use.*12, 34.*force_destroy`),
		},
		resource.TestStep{PreConfig: changeAll(func(f *sandbox.File) { f.ProjectIDs = nil }), RefreshState: true},
	)
	b.mustBeEmpty(t)
}

// What a configuration no longer sets stays, except arguments of the provider alone.
func TestOmittedArguments(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	source := fmt.Sprintf("source = %q", writeTemp(t, "one"))
	d.Apply(b.file(source)).Must("create")
	d.Apply(b.file(source, `name = "renamed.csv"`)).Must("update")
	b.mustHave(t, "renamed.csv", "one")
	b.mustUpload(t, 1)
	d.Plan(b.file(source)).Must("no-op")
	// A replacement is a new file, with the name of the source.
	d.Apply(b.file(source, `dataset_id = "7"`)).Must("replace")
	if got := b.only(t).DatasetID; got == nil || *got != 7 {
		t.Errorf("got dataset %v", got)
	}
	for _, settings := range [][]string{{"verify_content = false", "force_destroy = true"}, nil} {
		d.Apply(b.file(append(settings, source)...)).Must("update").MustHave(map[string]knownvalue.Check{
			"dataset_id": knownvalue.StringExact("7"), "name": knownvalue.StringExact("map.csv"),
			"verify_content": knownvalue.Bool(settings == nil), "force_destroy": knownvalue.Bool(settings != nil),
		})
	}
	b.mustHave(t, "map.csv", "one")
	b.mustUpload(t, 2)
}

// Moving the same content to another argument uploads nothing.
func TestSameContentUnderAnotherArgument(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	const name = `name = "map.csv"`
	d.Apply(b.file(fmt.Sprintf("source = %q", writeTemp(t, "same")))).Must("create")
	d.Apply(b.file(name, `content = "same"`)).Must("update").MustHave(map[string]knownvalue.Check{
		"content": knownvalue.StringExact("same"), "source": knownvalue.Null(),
	})
	d.Apply(b.file(name, fmt.Sprintf("content_base64 = %q", base64.StdEncoding.EncodeToString([]byte("same"))))).Must("update")
	b.mustUpload(t, 1)
	for i, content := range []string{"other", ""} {
		d.Apply(b.file(name, fmt.Sprintf("content = %q", content))).Must("update")
		b.mustHave(t, "map.csv", content)
		b.mustUpload(t, 2+i)
	}
}

// A reference may change with an upload. A lost response hides the new one, while the file may keep its old name until
// the rename.
func TestChangingRef(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		b := newFixture(t, acceptance.Unusual)
		d := acceptance.NewDirect(t)
		d.Apply(b.file(`name = "a.csv"`, `content = "one"`)).Must("create")
		if lost {
			b.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter})
		}
		d.Apply(b.file(`name = "b.csv"`, `content = "two"`)).Must("update")
		b.mustHave(t, "b.csv", "two")
		b.mustUpload(t, 2)
		d.Plan(b.file(`name = "b.csv"`, `content = "two"`)).Must("no-op")
	}
}

func TestUnlistedType(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	config := func(lines string) string { return b.file(`type = "other"`, `name = "a.bin"`, lines) }
	d.Apply(config(`content = "one"`)).Must("create")
	d.Plan(config(`content = "one"`)).Must("no-op")
	unverified := config("content = \"two\"\nverify_content = false")
	d.Apply(unverified).Must("update")
	b.mustHave(t, "a.bin", "two")
	b.DeleteFile(b.organization, "other", b.only(t).Ref)
	d.Plan(unverified).Must("create")
}

func TestDrift(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	config, unverified := b.file(aFile), b.file(aFile, "verify_content = false")
	theirs := func(file *sandbox.File) { file.Content = []byte("theirs") }
	d.Apply(config).Must("create")
	b.changeFiles(theirs)
	d.Apply(config).Must("update")
	b.mustHave(t, "a.csv", "x")
	b.changeFiles(func(file *sandbox.File) { file.Name = "theirs.csv" })
	d.Apply(config).Must("update")
	b.mustHave(t, "a.csv", "x")
	b.mustUpload(t, 2)
	b.changeFiles(theirs)
	// The refresh before the change of verify_content still uses its value in state.
	d.Apply(unverified).Must("update")
	b.mustUpload(t, 3)
	b.changeFiles(theirs)
	d.Plan(unverified).Must("no-op")
}

// The source doesn't exist yet during the plan.
func TestSourceWrittenInTheSameRun(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := newWorkspace(t, b.overwritten(filepath.Join(t.TempDir(), "later.csv"), "first"))
	output := w.MustRun(t, "apply", "-auto-approve").Stdout
	acceptance.MustContain(t, output, "+ content_sha256 = (known after apply)")
	b.mustHave(t, "later.csv", "first")
	w.MustRun(t, "plan", "-detailed-exitcode")
}
