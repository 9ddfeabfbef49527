package organizationfile_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func ignore(changes string) string {
	return fmt.Sprintf("lifecycle {\n ignore_changes = %s\n }", changes)
}

func TestIgnoredChanges(t *testing.T) {
	b := newBench(t)
	drift := func() {
		for _, file := range b.Files(b.organization) {
			b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.Content = []byte("theirs") })
		}
	}
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "one"`)},
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "two"`, ignore("[content]")), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "two"`, `dataset_id = "3"`, ignore("all")), ConfigPlanChecks: emptyPlan()},
		// What is ignored isn't sent when something else changes.
		resource.TestStep{
			Config:           b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.holds("b.csv", "one"),
		},
		resource.TestStep{PreConfig: drift, Config: b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: b.file(`name = "c.csv"`, `content = "three"`, ignore("all")), ConfigPlanChecks: emptyPlan(), Check: b.holds("b.csv", "theirs")},
	)
	if got := b.Count("upload_organization_file"); got != 1 {
		t.Errorf("got %d uploads, want 1", got)
	}
}

// The CLI hands on the path of a source that is ignored, not what the file at that
// path held, so that only another path is ignored.
func TestIgnoredSource(t *testing.T) {
	b := newBench(t)
	source, other := write(t, "one"), write(t, "two")
	config := func(source, ignored string) string {
		return b.file(fmt.Sprintf("source = %q", source), ignore(ignored))
	}
	acceptance.Run(t,
		resource.TestStep{Config: config(source, "[source]")},
		resource.TestStep{Config: config(other, "[source]"), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: config(other, "all"), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{
			PreConfig: func() { rewrite(t, source, "three") },
			Config:    config(source, "all"), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.holds("map.csv", "three"),
		},
		// What leaves the content alone is not to name it.
		resource.TestStep{Config: b.file(`name = "map.csv"`), Check: b.holds("map.csv", "three")},
		resource.TestStep{PreConfig: func() { rewrite(t, source, "four") }, Config: b.file(`name = "map.csv"`), ConfigPlanChecks: emptyPlan()},
	)
}
