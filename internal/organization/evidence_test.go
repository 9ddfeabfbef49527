package organization_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// foreign404s are responses of something between the provider and the platform, which can't know what exists.
var foreign404s = map[string]sandbox.Fault{
	"text":    {ContentType: "text/plain", Body: "404 page not found"},
	"gateway": {ContentType: "application/json", Body: `{"message":"no Route matched with those values"}`},
	"XML":     {ContentType: "application/xml", Body: "<error>not found</error>"},
	"HTML":    {ContentType: "text/html", Body: "<title>Not found</title>"},
}

func foreign404(fault sandbox.Fault, operation string) sandbox.Fault {
	fault.Operation, fault.Kind, fault.Status, fault.Times = operation, sandbox.FaultStatus, 404, -1
	return fault
}

// A 404 that isn't the platform's neither empties the state nor makes a second organization after the outage, and a
// destroy doesn't count as done.
func TestForeign404ChangesNothing(t *testing.T) {
	t.Parallel()
	for name, fault := range foreign404s {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			config := s.Provider() + organization(`name = "x"`)
			d := acceptance.NewDirect(t)
			d.Apply(config).Must()
			s.Inject(foreign404(fault, "get_organization"))
			d.Plan(config).MustFail(`still lists`)
			s.ClearFaults()
			// With a token, a wrong path prefix makes every response a 404.
			s.Inject(foreign404(fault, ""))
			d.Plan(config).MustFail(`404`)
			s.ClearFaults()
			s.Inject(foreign404(fault, "delete_organization"))
			d.Destroy(config).MustFail(`still lists`)
			s.ClearFaults()
			d.Apply(config).Must("no-op")
		})
	}
}

// A proxy may send 503 after the platform did the work. One apply makes one organization, with or without a copy.
func TestOneOrganizationAfter503(t *testing.T) {
	t.Parallel()
	for operation, source := range map[string]string{"add_organization": "null", "copy_organization": `"1"`} {
		s := acceptance.NewSandbox(t)
		s.AddOrganization(sandbox.Organization{Name: "source"})
		s.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: 503, AfterWork: true})
		acceptance.NewDirect(t).Apply(s.Provider() + organization("name = \"x\"\nsource_organization_id = "+source)).Must("create")
		if got := len(s.Organizations()); got != 2 || s.Count(operation) != 1 {
			t.Errorf("%s was sent %d times and there are %d organizations", operation, s.Count(operation), got)
		}
	}
}

// What a read leaves out must not be written back as if it were empty.
func TestUpdateKeepsWhatAReadLeavesOut(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization("name = \"x\"\nmax_item_count = 5")).Must()
	s.UpdateOrganization(1, func(o *sandbox.Organization) { o.Settings["retentionDays"] = 30 })
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultMissingSettings, Times: -1})
	renamed := s.Provider() + organization("name = \"y\"\nmax_item_count = 5")
	d.Apply(renamed).MustFail(`lacks the name or the settings`)
	s.ClearFaults()
	d.Apply(renamed).Must("update")
	if org := s.MustOrganization(t, 1); org.Name != "y" || org.Settings["retentionDays"] == nil {
		t.Errorf("got %+v", org)
	}
}

// The platform may not show a copy at once.
func TestCopyThatIsMissingForAMoment(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "source"})
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 404, Times: 2})
	config := s.Provider() + organization("name = \"copy\"\nsource_organization_id = \"1\"\nmax_item_count = 5")
	d := acceptance.NewDirect(t)
	d.Apply(config).Must("create")
	d.Plan(config).Must("no-op")
	if got := s.Count("copy_organization"); got != 1 {
		t.Errorf("%d copies were made", got)
	}
}
