package organizationfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// A source that changes between plan and apply must not be uploaded. The CLI plans again before the apply; if that
// succeeds, the CLI itself reports the difference. TestUploadOfAChangingFile covers later changes.
func TestSourceChangesAfterThePlan(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	folder := t.TempDir()
	sources := map[string]func(source string){
		"same size": func(source string) { rewrite(t, source, "ONE") },
		"longer":    func(source string) { rewrite(t, source, "one and more") },
		"shorter":   func(source string) { rewrite(t, source, "o") },
		"empty":     func(source string) { rewrite(t, source, "") },
		"deleted":   func(source string) { removeAll(t, source) },
		"folder": func(source string) {
			removeAll(t, source)
			if err := os.Mkdir(source, 0o700); err != nil {
				t.Fatal(err)
			}
		},
	}
	config := b.Provider()
	for name := range sources {
		rewrite(t, filepath.Join(folder, name), "one")
		config += fmt.Sprintf("resource \"guardai_organization_file\" %q {\n organization_id = \"%d\"\n source = %q\n}\n",
			strings.ReplaceAll(name, " ", "_"), b.organization, filepath.Join(folder, name))
	}
	w := newWorkspace(t, config)
	w.MustRun(t, "plan", "-out=plan")
	for name, change := range sources {
		change(filepath.Join(folder, name))
	}
	output := w.RunTo(t, 1, "apply", "plan").Text()
	for name := range sources {
		if name != "folder" {
			acceptance.MustContain(t, output, "When expanding the plan for guardai_organization_file."+strings.ReplaceAll(name, " ", "_"))
		}
	}
	// The provider names the path alongside the CLI's error.
	acceptance.MustContain(t, output, filepath.Join(folder, "deleted"))
	acceptance.MustContain(t, output, "inconsistent final plan")
	acceptance.MustContain(t, output, "it is a folder")
	b.mustUpload(t, 0)
	for name := range sources {
		removeAll(t, filepath.Join(folder, name))
		rewrite(t, filepath.Join(folder, name), "two")
	}
	w.MustRun(t, "apply", "-auto-approve")
	b.mustUpload(t, len(sources))
}

func removeAll(t *testing.T, source string) {
	t.Helper()
	if err := os.RemoveAll(source); err != nil {
		t.Fatal(err)
	}
}

// overwritten returns a file whose source another resource writes in the same run.
func (b *fixture) overwritten(source, content string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"writer\" {\n triggers_replace = [%q]\n provisioner \"local-exec\" {\n command = \"printf %%s '%s' > '%s'\"\n }\n}\n",
		content, content, source) + b.file(fmt.Sprintf("source = %q", source), "depends_on = [terraform_data.writer]")
}

// If an existing source is overwritten before the file is created, the apply fails once. If it is overwritten later,
// the next run uploads it.
func TestSourceOverwrittenInTheSameRun(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	source := writeTemp(t, "stale")
	w := newWorkspace(t, b.overwritten(source, "first"))
	acceptance.MustContain(t, w.RunTo(t, 1, "apply", "-auto-approve").Text(), "inconsistent final plan")
	w.MustRun(t, "apply", "-auto-approve")
	b.mustHave(t, "map.csv", "first")
	w.Write(t, "main.tf", b.overwritten(source, "second"))
	for _, want := range []string{"first", "second"} {
		w.MustRun(t, "apply", "-auto-approve")
		b.mustHave(t, "map.csv", want)
	}
}

// A plan warns of a wrong path, and the apply fails.
func TestWarningAboutAMissingSource(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := newWorkspace(t, b.file(`source = "maps/raod.csv"`))
	plan := w.MustRun(t, "plan").Stdout
	acceptance.MustContain(t, plan, "Warning: The source of a file does not exist yet")
	acceptance.MustContain(t, plan, `The file "maps/raod.csv"`)
	acceptance.NewDirect(t).Apply(b.file(`source = "maps/raod.csv"`)).MustFail("maps/raod.csv")
	b.mustUpload(t, 0)
}
