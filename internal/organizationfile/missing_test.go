package organizationfile_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Neither a 404 for the content of a file that its organization lists, nor one that isn't the platform's, nor a page in
// place of the content says anything about the file: each is an error, and state stays.
func TestNoContentIsNoEvidence(t *testing.T) {
	t.Parallel()
	for want, test := range map[string]struct {
		line  string
		fault sandbox.Fault
	}{
		"still lists the file": {"", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404}},
		"no Route matched":     {`type = "other"`, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404, Body: `{"message":"no Route matched with those values"}`}},
		"HTML page":            {"", sandbox.Fault{Kind: sandbox.FaultHTML, Status: 200}},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			d := acceptance.NewDirect(t)
			d.Apply(b.file(aFile, test.line)).Must("create")
			test.fault.Operation = "download_organization_file"
			b.Inject(test.fault)
			d.Plan(b.file(aFile, test.line)).MustFail("Unable to read file.*" + want)
			d.Plan(b.file(aFile, test.line)).Must("no-op")
		})
	}
}

// A plan warns of a file that is gone, and creates it again.
func TestWarningAboutAMissingFile(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	d.Apply(b.file(aFile)).Must("create")
	b.DeleteFile(b.organization, mappedType, b.Files(b.organization)[0].Ref)
	acceptance.MustContain(t, d.Plan(b.file(aFile)).Must("create").Text, "The file no longer exists")
}
