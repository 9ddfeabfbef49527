package organizationfile_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

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

// A destroy without a usable list of projects is refused, except if the caller may not list them.
func TestDestroyWithoutUsage(t *testing.T) {
	status := func(status int, body string) sandbox.Fault {
		return sandbox.Fault{Kind: sandbox.FaultStatus, Status: status, Body: body}
	}
	for name, test := range map[string]struct {
		fault   sandbox.Fault
		refused bool
	}{
		"404":       {status(404, ""), true},
		"null":      {sandbox.Fault{Kind: sandbox.FaultGarbage, Body: "null"}, true},
		"an object": {sandbox.Fault{Kind: sandbox.FaultGarbage, Body: "{}"}, true},
		"400":       {status(400, ""), true},
		"403":       {status(403, ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			test.fault.Operation, test.fault.Times = "get_organization_file_usage", -1
			config := func(more ...string) string { return b.file(append(more, `name = "a.csv"`, `content = "x"`)...) }
			destroy := resource.TestStep{PreConfig: func() { b.Inject(test.fault) }, Config: config(), Destroy: true}
			steps := []resource.TestStep{{Config: config()}, destroy}
			if test.refused {
				steps[1].ExpectError = regexp.MustCompile(`(?s)Unable to check which projects use file.*force_destroy\s+=\s+true`)
				steps = append(steps, resource.TestStep{Config: config("force_destroy = true")}, resource.TestStep{Config: config("force_destroy = true"), Destroy: true})
			}
			acceptance.Run(t, steps...)
			if left := b.Files(b.organization); len(left) != 0 {
				t.Errorf("left on the platform: %+v", left)
			}
		})
	}
}

// A 404 doesn't remove a file that its organization lists.
func TestDestroyOfAListedFileThatIsNotFound(t *testing.T) {
	b := newFixture(t)
	config := b.file(`name = "a.csv"`, `content = "x"`, "force_destroy = true")
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "delete_organization_file", Kind: sandbox.FaultStatus, Status: 404})
			},
			Config: config, Destroy: true, ExpectError: regexp.MustCompile(`(?s)Unable to delete file.*still\s+lists\s+the\s+file`),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

// A file that is gone already is destroyed, with and without its organization.
func TestDestroyOfAMissingFile(t *testing.T) {
	for name, remove := range map[string]func(*fixture){
		"file": func(b *fixture) {
			b.DeleteFile(b.organization, mappedType, b.Files(b.organization)[0].Ref)
		},
		"organization": func(b *fixture) { b.DeleteOrganization(b.organization) },
	} {
		for _, line := range []string{"force_destroy = false", "force_destroy = true"} {
			t.Run(name+", "+line, func(t *testing.T) {
				t.Parallel()
				b := newFixture(t)
				w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = "x"`, line)})
				w.MustRun(t, "init")
				w.MustRun(t, "apply", "-auto-approve")
				remove(b)
				w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
			})
		}
	}
}
