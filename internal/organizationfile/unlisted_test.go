package organizationfile_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// unlist removes all files from the organization's list, like a client that writes settings without classMappingFiles.
func (b *fixture) unlist() {
	for _, file := range b.Files(b.organization) {
		b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.Unlisted, f.DatasetID = true, nil })
	}
}

// listed checks the list entry of the only file.
func (b *fixture) listed(name string, dataset int64) resource.TestCheckFunc {
	return b.onlyFile(func(file sandbox.File) error {
		if file.Unlisted || file.Name != name || file.DatasetID == nil || *file.DatasetID != dataset {
			return fmt.Errorf("got %+v, want %q of dataset %d in the list", file, name, dataset)
		}
		return nil
	})
}

// A file that its organization no longer lists is uploaded again with its name and dataset.
func TestUnlistedFile(t *testing.T) {
	for argument, lines := range map[string][]string{"content": {`name = "map.csv"`, `content = "x"`}, "source": nil} {
		t.Run(argument, func(t *testing.T) {
			b := newFixture(t, acceptance.Usual)
			if lines == nil {
				lines = []string{fmt.Sprintf("source = %q", writeTemp(t, "x"))}
			}
			config := b.file(append(lines, `dataset_id = "7"`, "verify_content = false")...)
			acceptance.Run(t,
				resource.TestStep{Config: config},
				resource.TestStep{
					PreConfig: b.unlist, Config: config,
					ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: resource.ComposeAggregateTestCheckFunc(b.listed("map.csv", 7), b.uploads(2)),
				},
				resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
			)
		})
	}
}

// If an upload doesn't list the file again, the apply says so, and a replacement does.
func TestUnlistedFileThatStaysUnlisted(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	config := b.file(`name = "map.csv"`, `content = "x"`, `dataset_id = "7"`)
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: b.unlist, Config: config, ExpectError: regexp.MustCompile(`(?s)The platform does not list the file.*The\s+upload\s+didn't\s+list\s+it.*-replace`)},
		resource.TestStep{Config: config, Taint: []string{address}, Check: b.listed("map.csv", 7)},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

// Without content in the configuration, the file can't be uploaded again.
func TestUnlistedFileWithoutContent(t *testing.T) {
	b := newFixture(t, acceptance.Usual)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: "a.csv", Content: []byte("x"), Unlisted: true})
	block := fmt.Sprintf("import {\n to = %s\n id = \"%d/classmapping/r\"\n}\n", address, b.organization)
	acceptance.Run(t,
		resource.TestStep{Config: block + b.file(), Check: b.uploads(0)},
		resource.TestStep{Config: b.file(`name = "a.csv"`), ExpectError: regexp.MustCompile(`(?s)The platform does not list the file.*An\s+upload\s+may`)},
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "x"`), Check: b.onlyFile(func(file sandbox.File) error {
			if file.Unlisted {
				return fmt.Errorf("got %+v", file)
			}
			return nil
		})},
	)
}

func TestWarningAboutAnUnlistedFile(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: "a.csv", Content: []byte("x")})
	block := fmt.Sprintf("import {\n to = %s\n id = \"%d/classmapping/r\"\n}\n", address, b.organization)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": block + b.file()})
	w.MustRun(t, "init")
	const warning = "Warning: File not listed"
	if output := w.MustRun(t, "apply", "-auto-approve").Stdout; strings.Contains(output, warning) {
		t.Errorf("a file that is listed:\n%s", output)
	}
	b.unlist()
	if output := w.MustRun(t, "plan").Stdout; !strings.Contains(output, warning) {
		t.Errorf("a file that isn't listed:\n%s", output)
	}
}
