package organizationfile_test

import (
	"fmt"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func ignore(changes string) string {
	return fmt.Sprintf("lifecycle {\n ignore_changes = %s\n }", changes)
}

// mustPlan plans a configuration, which must have no changes or some.
func mustPlan(t *testing.T, w *acceptance.Workspace, config string, changes bool) {
	t.Helper()
	w.Write(t, "main.tf", config)
	w.RunTo(t, map[bool]int{false: 0, true: 2}[changes], "plan", "-detailed-exitcode")
}

func mustApply(t *testing.T, w *acceptance.Workspace, config string) {
	t.Helper()
	w.Write(t, "main.tf", config)
	w.MustRun(t, "apply", "-auto-approve")
}

func TestIgnoredChanges(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := newWorkspace(t, b.file(`name = "a.csv"`, `content = "one"`))
	w.MustRun(t, "apply", "-auto-approve")
	mustPlan(t, w, b.file(`name = "a.csv"`, `content = "two"`, ignore("[content]")), false)
	mustPlan(t, w, b.file(`name = "b.csv"`, `content = "two"`, `dataset_id = "3"`, ignore("all")), false)
	// An ignored change isn't sent when something else changes.
	mustApply(t, w, b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")))
	b.mustHave(t, "b.csv", "one")
	b.changeFiles(func(f *sandbox.File) { f.Content = []byte("theirs") })
	mustApply(t, w, b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")))
	mustPlan(t, w, b.file(`name = "c.csv"`, `content = "three"`, ignore("all")), false)
	b.mustHave(t, "b.csv", "theirs")
	b.mustUpload(t, 1)
}

// The CLI plans with the path of an ignored source, whatever the configuration says, and the file at that path may have
// changed. So a new path is ignored, and new content at the same path isn't.
func TestIgnoredSource(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	source, other := writeTemp(t, "one"), writeTemp(t, "two")
	config := func(source, ignored string) string {
		return b.file(fmt.Sprintf("source = %q", source), ignore(ignored))
	}
	w := newWorkspace(t, config(source, "[source]"))
	w.MustRun(t, "apply", "-auto-approve")
	mustPlan(t, w, config(other, "[source]"), false)
	mustPlan(t, w, config(other, "all"), false)
	// A path that the configuration no longer contains may not exist any more.
	removeAll(t, source)
	mustApply(t, w, config(other, "all"))
	b.mustHave(t, "map.csv", "one")
	mustPlan(t, w, config(other, "all"), true)
	rewrite(t, source, "three")
	mustApply(t, w, config(source, "all"))
	b.mustHave(t, "map.csv", "three")
	// Removing source leaves the content alone.
	mustApply(t, w, b.file(`name = "map.csv"`))
	b.mustHave(t, "map.csv", "three")
	rewrite(t, source, "four")
	mustPlan(t, w, b.file(`name = "map.csv"`), false)
}
