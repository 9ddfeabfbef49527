package organizationfile_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const aFile, forced = "name = \"a.csv\"\ncontent = \"x\"", "force_destroy = true"

// mustBeEmpty fails the test if a file is left.
func (b *fixture) mustBeEmpty(t *testing.T) {
	t.Helper()
	if left := b.Files(b.organization); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

func TestDestroyRefusesAFileInUse(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	d.Apply(b.file(aFile)).Must("create")
	projects := make([]int64, 3000)
	for i := range projects {
		projects[i] = int64(i + 1)
	}
	b.changeFiles(func(f *sandbox.File) { f.ProjectIDs = projects })
	refused := d.Destroy(b.file(aFile))
	refused.MustFail(`is in use.*: 1, 2, .*, 19, 20, and 2980 more.*force_destroy`)
	if len(refused.Text) > 1000 {
		t.Errorf("the error has %d characters", len(refused.Text))
	}
	d.Apply(b.file(aFile, forced)).Must("update")
	d.Destroy(b.file(aFile, forced)).Must()
	b.mustBeEmpty(t)
}

// A destroy without a usable list of projects is refused, except if the caller may not list them.
func TestDestroyWithoutUsage(t *testing.T) {
	t.Parallel()
	status := func(status int) sandbox.Fault { return sandbox.Fault{Kind: sandbox.FaultStatus, Status: status} }
	for name, test := range map[string]struct {
		fault   sandbox.Fault
		refused bool
	}{
		"404":       {status(404), true},
		"null":      {sandbox.Fault{Kind: sandbox.FaultGarbage, Body: "null"}, true},
		"an object": {sandbox.Fault{Kind: sandbox.FaultGarbage, Body: "{}"}, true},
		"400":       {status(400), true},
		"403":       {status(403), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			d := acceptance.NewDirect(t)
			d.Apply(b.file(aFile)).Must("create")
			test.fault.Operation, test.fault.Times = "get_organization_file_usage", -1
			b.Inject(test.fault)
			if test.refused {
				d.Destroy(b.file(aFile)).MustFail(`Unable to check which projects use file.*force_destroy = true`)
				d.Apply(b.file(aFile, forced)).Must("update")
			}
			d.Destroy(b.file(aFile)).Must()
			b.mustBeEmpty(t)
		})
	}
}

// A 404 doesn't remove a file that its organization lists.
func TestDestroyOfAListedFileThatIsNotFound(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	d.Apply(b.file(aFile, forced)).Must("create")
	b.Inject(sandbox.Fault{Operation: "delete_organization_file", Kind: sandbox.FaultStatus, Status: 404})
	d.Destroy(b.file(aFile, forced)).MustFail(`Unable to delete file.*still lists the file`)
	d.Plan(b.file(aFile, forced)).Must("no-op")
}

// A file that is gone already is destroyed, with and without its organization.
func TestDestroyOfAMissingFile(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*fixture){
		"file":         func(b *fixture) { b.DeleteFile(b.organization, mappedType, b.Files(b.organization)[0].Ref) },
		"organization": func(b *fixture) { b.DeleteOrganization(b.organization) },
	} {
		for _, line := range []string{"force_destroy = false", forced} {
			t.Run(name+", "+line, func(t *testing.T) {
				t.Parallel()
				b := newFixture(t)
				d := acceptance.NewDirect(t)
				d.Apply(b.file(aFile, line)).Must("create")
				remove(b)
				d.Destroy(b.file(aFile, line)).Must()
			})
		}
	}
}
