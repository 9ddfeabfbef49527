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

// onlyFile checks the organization's only file.
func (b *fixture) onlyFile(check func(sandbox.File) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		files := b.Files(b.organization)
		if len(files) != 1 {
			return fmt.Errorf("got %d files on the platform, want 1", len(files))
		}
		return check(files[0])
	}
}

func (b *fixture) hasFile(name, content string) resource.TestCheckFunc {
	return b.onlyFile(func(file sandbox.File) error {
		if file.Name != name || string(file.Content) != content {
			return fmt.Errorf("got %q with %q on the platform, want %q with %q", file.Name, file.Content, name, content)
		}
		return nil
	})
}

func (b *fixture) uploads(want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := b.Count("upload_organization_file"); got != want {
			return fmt.Errorf("got %d uploads, want %d", got, want)
		}
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

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

func TestLifecycle(t *testing.T) {
	b := newFixture(t)
	source := writeTemp(t, "one")
	config := b.file(fmt.Sprintf("source = %q", source))
	renamed := b.file(fmt.Sprintf("source = %q", source), `name = "renamed.csv"`)
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
				attribute("content_type", knownvalue.StringRegexp(regexp.MustCompile(`^text/csv`))),
				attribute("dataset_id", knownvalue.Null()),
				attribute("id", knownvalue.StringRegexp(regexp.MustCompile(fmt.Sprintf("^%d/classmapping/.+", b.organization)))),
			},
			Check: resource.ComposeAggregateTestCheckFunc(b.hasFile("map.csv", "one"), b.onlyFile(func(file sandbox.File) error {
				if file.DatasetID != nil {
					return fmt.Errorf("got dataset %d, want none", *file.DatasetID)
				}
				return nil
			})),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
		resource.TestStep{
			PreConfig:        func() { rewrite(t, source, "two!") },
			Config:           config,
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            resource.ComposeAggregateTestCheckFunc(b.hasFile("map.csv", "two!"), b.uploads(2)),
		},
		resource.TestStep{
			Config:           renamed,
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            resource.ComposeAggregateTestCheckFunc(b.hasFile("renamed.csv", "two!"), b.uploads(2)),
		},
		resource.TestStep{
			PreConfig: func() { rewrite(t, source, "three") },
			Config:    config,
			Check:     resource.ComposeAggregateTestCheckFunc(b.hasFile("map.csv", "three"), b.uploads(3)),
		},
		resource.TestStep{
			Config:           b.file(fmt.Sprintf("source = %q", source), `dataset_id = "7"`),
			ConfigPlanChecks: planned(plancheck.ResourceActionReplace),
			Check: b.onlyFile(func(file sandbox.File) error {
				if file.DatasetID == nil || *file.DatasetID != 7 {
					return fmt.Errorf("got dataset %v", file.DatasetID)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config:           b.file(fmt.Sprintf("source = %q", source), "verify_content = false", "force_destroy = true"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            b.uploads(4),
		},
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			attribute("verify_content", knownvalue.Bool(true)), attribute("force_destroy", knownvalue.Bool(false)),
		}},
	)
	if left := b.Files(b.organization); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

// Moving the same content to another argument uploads nothing.
func TestSameContentUnderAnotherArgument(t *testing.T) {
	b := newFixture(t)
	const name = `name = "map.csv"`
	acceptance.Run(t,
		resource.TestStep{Config: b.file(fmt.Sprintf("source = %q", writeTemp(t, "same")))},
		resource.TestStep{
			Config:            b.file(name, `content = "same"`),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{attribute("content", knownvalue.StringExact("same")), attribute("source", knownvalue.Null())},
			Check:             b.uploads(1),
		},
		resource.TestStep{
			Config: b.file(name, fmt.Sprintf("content_base64 = %q", base64.StdEncoding.EncodeToString([]byte("same")))),
			Check:  b.uploads(1),
		},
		resource.TestStep{Config: b.file(name, `content = "other"`), Check: resource.ComposeAggregateTestCheckFunc(b.uploads(2), b.hasFile("map.csv", "other"))},
		resource.TestStep{Config: b.file(name, `content = ""`), Check: b.hasFile("map.csv", "")},
	)
}

func TestChangingRef(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "one"`)},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "two"`), Check: b.hasFile("b.csv", "two")},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "two"`), ConfigPlanChecks: emptyPlan()},
	)
}

// A lost response hides a new reference, while the file may keep its old name until the rename.
func TestLostResponseToAnUploadWithANewName(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "one"`)},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter})
			},
			Config: b.file(`name = "b.csv"`, `content = "two"`),
			Check:  resource.ComposeAggregateTestCheckFunc(b.hasFile("b.csv", "two"), b.uploads(2)),
		},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "two"`), ConfigPlanChecks: emptyPlan()},
	)
}

func TestUnlistedType(t *testing.T) {
	b := newFixture(t)
	lines := []string{`type = "other"`, `name = "a.bin"`}
	config := func(content string, more ...string) string {
		return b.file(append(append(more, lines...), fmt.Sprintf("content = %q", content))...)
	}
	acceptance.Run(t,
		resource.TestStep{Config: config("one")},
		resource.TestStep{Config: config("one"), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: config("two", "verify_content = false"), Check: b.hasFile("a.bin", "two")},
		resource.TestStep{
			PreConfig: func() {
				for _, file := range b.Files(b.organization) {
					b.DeleteFile(b.organization, file.Type, file.Ref)
				}
			},
			Config:           config("two", "verify_content = false"),
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
		},
	)
}

func TestDrift(t *testing.T) {
	b := newFixture(t)
	config := b.file(`name = "a.csv"`, `content = "mine"`)
	change := func(what func(*sandbox.File)) func() {
		return func() {
			for _, file := range b.Files(b.organization) {
				b.UpdateFile(b.organization, file.Type, file.Ref, what)
			}
		}
	}
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: change(func(file *sandbox.File) { file.Content = []byte("theirs") }),
			Config:    config, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.hasFile("a.csv", "mine"),
		},
		resource.TestStep{
			PreConfig: change(func(file *sandbox.File) { file.Name = "theirs.csv" }),
			Config:    config, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(b.hasFile("a.csv", "mine"), b.uploads(2)),
		},
		resource.TestStep{
			PreConfig: change(func(file *sandbox.File) { file.Content = []byte("theirs") }),
			Config:    b.file(`name = "a.csv"`, `content = "mine"`, "verify_content = false"),
			// The refresh before the change of verify_content still uses its value in state.
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        change(func(file *sandbox.File) { file.Content = []byte("theirs") }),
			Config:           b.file(`name = "a.csv"`, `content = "mine"`, "verify_content = false"),
			ConfigPlanChecks: emptyPlan(),
		},
		resource.TestStep{
			PreConfig: func() { b.DeleteOrganization(b.organization) },
			Config:    b.Provider(), // Destroying a missing file is not an error.
		},
	)
}

func TestNames(t *testing.T) {
	for what, name := range map[string]string{
		"spaces": "a b  c.csv", "quotes": `a "b" 'c'.csv`, "not ASCII": "Größe 車.csv", "long": strings.Repeat("é", 251) + ".csv",
		"markup": `<a>&amp;%20.csv`,
	} {
		t.Run(what, func(t *testing.T) {
			b := newFixture(t)
			acceptance.Run(t,
				resource.TestStep{Config: b.file(fmt.Sprintf("name = %q", name), `content = "x"`), Check: b.hasFile(name, "x")},
				resource.TestStep{Config: b.file(`name = "other.csv"`, `content = "x"`), Check: b.hasFile("other.csv", "x")},
				resource.TestStep{Config: b.file(fmt.Sprintf("name = %q", name), `content = "x"`), Check: b.hasFile(name, "x")},
			)
		})
	}
}

func TestDestroyRefusesAFileInUse(t *testing.T) {
	b := newFixture(t)
	config := func(more ...string) string { return b.file(append(more, `name = "a.csv"`, `content = "x"`)...) }
	acceptance.Run(t,
		resource.TestStep{Config: config()},
		resource.TestStep{
			PreConfig: func() {
				for _, file := range b.Files(b.organization) {
					b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.ProjectIDs = []int64{12, 34} })
				}
			},
			Config: config(), Destroy: true, ExpectError: regexp.MustCompile(`(?s)is in use.*12, 34.*force_destroy`),
		},
		resource.TestStep{Config: config("force_destroy = true")},
		resource.TestStep{Config: config("force_destroy = true"), Destroy: true},
	)
}

// The source doesn't exist yet during the plan.
func TestSourceWrittenInTheSameRun(t *testing.T) {
	b := newFixture(t)
	source := filepath.Join(t.TempDir(), "later.csv")
	config := func(content string) string { return b.overwritten(source, content) }
	acceptance.Run(t,
		resource.TestStep{
			Config:           config("first"),
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(address, tfjsonpath.New("content_sha256"))),
			Check:            b.hasFile("later.csv", "first"),
		},
		resource.TestStep{Config: config("first"), ConfigPlanChecks: emptyPlan()},
	)
}

// If the platform doesn't know a file's usage, the file can still be destroyed.
func TestDestroyWithoutUsage(t *testing.T) {
	b := newFixture(t)
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "x"`)},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "get_organization_file_usage", Kind: sandbox.FaultStatus, Status: 404})
			},
			Config: b.file(`name = "a.csv"`, `content = "x"`), Destroy: true,
		},
	)
	if left := b.Files(b.organization); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

func TestHTMLPageInPlaceOfContent(t *testing.T) {
	b := newFixture(t)
	config := b.file(`name = "a.csv"`, `content = "x"`)
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultHTML, Status: 200})
			},
			Config:      config,
			ExpectError: regexp.MustCompile(`(?s)Unable to read file.*HTML page`),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan(), Check: b.uploads(1)},
	)
}
