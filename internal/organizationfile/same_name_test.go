package organizationfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const sameName = "The organization already has a file with this name"

// A plan that creates files warns of files with the same name, and reads the organization once.
func TestWarningAboutAFileWithTheSameName(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	for _, ref := range []string{"first", "second"} {
		b.AddFile(b.organization, sandbox.File{Ref: ref, Name: "0.csv", Content: []byte("x")})
	}
	w := newWorkspace(t, b.file("count = 12", `name = "${count.index}.csv"`, `content = "x"`, "verify_content = false"))
	output := w.MustRun(t, "plan").Stdout
	acceptance.MustContain(t, output, fmt.Sprintf("import it by its ID: %[1]d/classmapping/first, %[1]d/classmapping/second. If", b.organization))
	if got := strings.Count(output, sameName); got != 1 || b.Count("get_organization") != 1 {
		t.Errorf("got %d warnings after %d reads:\n%s", got, b.Count("get_organization"), output)
	}
}

// Neither files that the run itself uploads count, nor the file that a replacement replaces.
func TestNoWarningAboutOwnFiles(t *testing.T) {
	t.Parallel()
	for count, then := range map[string]string{"count = 2": "-refresh=true", "count = 1": "-replace=" + address + "[0]"} {
		w := newWorkspace(t, newFixture(t).file(count, aFile))
		for _, argument := range []string{"-parallelism=1", then} {
			if output := w.MustRun(t, "apply", "-auto-approve", argument).Text(); strings.Contains(output, sameName) {
				t.Errorf("%s: the apply:\n%s", count, output)
			}
		}
	}
}

// An organization that may not be read is no reason to warn or to fail, and is asked for once; one that can't be read is
// an error.
func TestPlanWithoutTheListOfFiles(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Name: "a.csv"})
	b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 403, Times: -1})
	w := newWorkspace(t, b.file("count = 3", aFile))
	if output := w.MustRun(t, "plan", "-parallelism=1").Text(); strings.Contains(output, sameName) || b.Count("get_organization") != 1 {
		t.Errorf("the plan asked %d times:\n%s", b.Count("get_organization"), output)
	}
	b.ClearFaults()
	b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 400})
	acceptance.NewDirect(t).Plan(b.file(aFile)).MustFail("Unable to check whether the organization already has the file")
}
