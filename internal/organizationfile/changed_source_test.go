package organizationfile_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// A source that changes between plan and apply must not be uploaded. The CLI plans again before the apply; if that
// succeeds, the CLI itself reports the difference. TestUploadOfAChangingFile covers later changes.
func TestSourceChangesAfterThePlan(t *testing.T) {
	inconsistent := regexp.MustCompile(`(?s)inconsistent final plan.*content_sha256`)
	for name, test := range map[string]struct {
		change func(t *testing.T, source string)
		want   *regexp.Regexp
	}{
		"same size": {func(t *testing.T, source string) { t.Helper(); rewrite(t, source, "ONE") }, inconsistent},
		"longer":    {func(t *testing.T, source string) { t.Helper(); rewrite(t, source, "one and more") }, inconsistent},
		"shorter":   {func(t *testing.T, source string) { t.Helper(); rewrite(t, source, "o") }, inconsistent},
		"empty":     {func(t *testing.T, source string) { t.Helper(); rewrite(t, source, "") }, inconsistent},
		"deleted":   {removeSource, inconsistent},
		"folder": {func(t *testing.T, source string) {
			t.Helper()
			removeSource(t, source)
			if err := os.Mkdir(source, 0o700); err != nil {
				t.Fatal(err)
			}
		}, regexp.MustCompile(`(?s)Unable to read the source of a file.*it\s+is\s+a\s+folder`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			source := writeTemp(t, "one")
			w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(fmt.Sprintf("source = %q", source))})
			w.MustRun(t, "init")
			w.MustRun(t, "plan", "-out=plan")
			test.change(t, source)
			output := w.Run(t, "apply", "plan")
			if output.ExitCode == 0 || !test.want.MatchString(output.Stderr) {
				t.Errorf("ended with %d:\n%s", output.ExitCode, output.Stderr)
			}
			// The provider's warning names the path alongside the CLI's error.
			if name == "deleted" && !strings.Contains(output.Stdout+output.Stderr, source) {
				t.Errorf("the path is not named:\n%s\n%s", output.Stdout, output.Stderr)
			}
			if got := b.Count("upload_organization_file"); got != 0 {
				t.Errorf("got %d uploads", got)
			}
			if err := os.RemoveAll(source); err != nil {
				t.Fatal(err)
			}
			rewrite(t, source, "two")
			w.MustRun(t, "apply", "-auto-approve")
		})
	}
}

func removeSource(t *testing.T, source string) {
	t.Helper()
	if err := os.Remove(source); err != nil {
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
	b := newFixture(t)
	source := writeTemp(t, "stale")
	acceptance.Run(t,
		resource.TestStep{Config: b.overwritten(source, "first"), ExpectError: regexp.MustCompile(`(?s)inconsistent final plan.*content_sha256`)},
		resource.TestStep{Config: b.overwritten(source, "first"), Check: b.hasFile("map.csv", "first")},
		resource.TestStep{Config: b.overwritten(source, "second"), ExpectNonEmptyPlan: true, Check: b.hasFile("map.csv", "first")},
		resource.TestStep{Config: b.overwritten(source, "second"), Check: b.hasFile("map.csv", "second")},
	)
}

// A plan warns of a wrong path.
func TestWarningAboutAMissingSource(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`source = "maps/raod.csv"`)})
	w.MustRun(t, "init")
	output := w.MustRun(t, "plan").Stdout
	if !regexp.MustCompile(`(?s)Warning: The source of a file does not exist yet.*source\s*=.*The\s+file\s+"maps/raod.csv"`).MatchString(output) {
		t.Errorf("the plan:\n%s", output)
	}
	if failed := w.Run(t, "apply", "-auto-approve"); failed.ExitCode == 0 || !strings.Contains(failed.Stderr, "maps/raod.csv") || b.Count("upload_organization_file") != 0 {
		t.Errorf("the apply ended with %d:\n%s", failed.ExitCode, failed.Stderr)
	}
}
