package organizationfile_test

import (
	"fmt"
	"os"
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
	b := newFixture(t)
	drift := func() {
		for _, file := range b.Files(b.organization) {
			b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.Content = []byte("theirs") })
		}
	}
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "one"`)},
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "two"`, ignore("[content]")), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: b.file(`name = "b.csv"`, `content = "two"`, `dataset_id = "3"`, ignore("all")), ConfigPlanChecks: emptyPlan()},
		// An ignored change isn't sent when something else changes.
		resource.TestStep{
			Config:           b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.hasFile("b.csv", "one"),
		},
		resource.TestStep{PreConfig: drift, Config: b.file(`name = "b.csv"`, `content = "two"`, ignore("[content]")), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: b.file(`name = "c.csv"`, `content = "three"`, ignore("all")), ConfigPlanChecks: emptyPlan(), Check: b.hasFile("b.csv", "theirs")},
	)
	if got := b.Count("upload_organization_file"); got != 1 {
		t.Errorf("got %d uploads, want 1", got)
	}
}

// The CLI plans with the path of an ignored source, whatever the configuration says, and the file at that path may have
// changed. So a new path is ignored, and new content at the same path isn't.
func TestIgnoredSource(t *testing.T) {
	b := newFixture(t)
	source, other := writeTemp(t, "one"), writeTemp(t, "two")
	remove := func() {
		if err := os.Remove(source); err != nil {
			t.Fatal(err)
		}
	}
	config := func(source, ignored string) string {
		return b.file(fmt.Sprintf("source = %q", source), ignore(ignored))
	}
	acceptance.Run(t,
		resource.TestStep{Config: config(source, "[source]")},
		resource.TestStep{Config: config(other, "[source]"), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{Config: config(other, "all"), ConfigPlanChecks: emptyPlan()},
		// A path that the configuration no longer contains may not exist any more.
		resource.TestStep{
			PreConfig: remove, Config: config(other, "all"), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check: b.hasFile("map.csv", "one"), ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig: func() { rewrite(t, source, "three") },
			Config:    config(source, "all"), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: b.hasFile("map.csv", "three"),
		},
		// Removing source leaves the content alone.
		resource.TestStep{Config: b.file(`name = "map.csv"`), Check: b.hasFile("map.csv", "three")},
		resource.TestStep{PreConfig: func() { rewrite(t, source, "four") }, Config: b.file(`name = "map.csv"`), ConfigPlanChecks: emptyPlan()},
	)
}
