package organizationfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const sameName = "Warning: The organization already has a file with this name"

// A plan that creates a file warns of files with the same name, and reads the organization once.
func TestWarningAboutAFileWithTheSameName(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	for _, ref := range []string{"first", "second"} {
		b.AddFile(b.organization, sandbox.File{Ref: ref, Name: "0.csv", Content: []byte("x")})
	}
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file("count = 12", `name = "${count.index}.csv"`, `content = "x"`, "verify_content = false")})
	w.MustRun(t, "init")
	output := w.MustRun(t, "plan").Stdout
	acceptance.MustContain(t, output, fmt.Sprintf("import it by its ID: %[1]d/classmapping/first, %[1]d/classmapping/second. If", b.organization))
	if got := strings.Count(output, sameName); got != 1 || b.Count("get_organization") != 1 {
		t.Errorf("got %d warnings after %d reads:\n%s", got, b.Count("get_organization"), output)
	}
	w.MustRun(t, "apply", "-auto-approve")
	b.ClearRequests()
	if output := w.MustRun(t, "plan").Stdout; strings.Contains(output, sameName) {
		t.Errorf("a plan that creates nothing:\n%s", output)
	}
}

// Files that the run itself uploads don't count.
func TestNoWarningAboutFilesOfTheSameRun(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file("count = 2", `name = "a.csv"`, `content = "x"`)})
	w.MustRun(t, "init")
	if output := w.MustRun(t, "apply", "-auto-approve", "-parallelism=1").Text(); strings.Contains(output, sameName) {
		t.Errorf("the apply:\n%s", output)
	}
}

// A replacement doesn't warn of the file that it replaces.
func TestNoWarningAboutAReplacedFile(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = "x"`)})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	if output := w.MustRun(t, "apply", "-auto-approve", "-replace="+address).Text(); strings.Contains(output, sameName) {
		t.Errorf("the apply:\n%s", output)
	}
}

// An organization that may not be read is no reason to warn or to fail, and is asked for once; one that can't be read is
// an error.
func TestPlanWithoutTheListOfFiles(t *testing.T) {
	for status, want := range map[int]int{403: 0, 400: 1} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			b.AddFile(b.organization, sandbox.File{Name: "a.csv"})
			b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: status, Times: -1})
			w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file("count = 3", `name = "a.csv"`, `content = "x"`)})
			w.MustRun(t, "init")
			output := w.RunTo(t, want, "plan", "-parallelism=1").Text()
			if strings.Contains(output, sameName) || strings.Contains(output, "Unable to check whether the organization already has the file") != (want == 1) {
				t.Errorf("the plan:\n%s", output)
			}
			if got := b.Count("get_organization"); want == 0 && got != 1 {
				t.Errorf("got %d reads, want 1", got)
			}
		})
	}
}
