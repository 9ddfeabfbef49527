package organization_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

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
	for name, fault := range foreign404s {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			config := s.Provider() + organization(`name = "x"`)
			everything := foreign404(fault, "")
			acceptance.Run(t,
				resource.TestStep{Config: config},
				resource.TestStep{PreConfig: func() { s.Inject(foreign404(fault, "get_organization")) }, Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(`still\s+lists`)},
				// With a token, a wrong path prefix makes every response a 404.
				resource.TestStep{PreConfig: func() { s.ClearFaults(); s.Inject(everything) }, Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(`404`)},
				resource.TestStep{PreConfig: func() { s.ClearFaults(); s.Inject(foreign404(fault, "delete_organization")) }, Config: config, Destroy: true, ExpectError: regexp.MustCompile(`still\s+lists`)},
				resource.TestStep{PreConfig: s.ClearFaults, Config: config, ConfigPlanChecks: emptyPlan()},
			)
			if got := s.Count("add_organization"); got != 1 {
				t.Errorf("%d organizations were created", got)
			}
		})
	}
}

// A proxy may send 503 after the platform did the work. One apply makes one organization, with or without a copy.
func TestOneOrganizationAfter503(t *testing.T) {
	for operation, arguments := range map[string][]string{
		"add_organization":  {`name = "x"`},
		"copy_organization": {`name = "x"`, `source_organization_id = "1"`},
	} {
		t.Run(operation, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			s.AddOrganization(sandbox.Organization{Name: "source"})
			s.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: 503, AfterWork: true})
			acceptance.Run(t, resource.TestStep{Config: s.Provider() + organization(strings.Join(arguments, "\n")), Check: func(*terraform.State) error {
				if got := len(s.Organizations()); got != 2 {
					t.Errorf("there are %d organizations", got)
				}
				return nil
			}})
			if got := s.Count(operation); got != 1 {
				t.Errorf("it was sent %d times", got)
			}
		})
	}
}

// What a read leaves out must not be written back as if it were empty.
func TestUpdateKeepsWhatAReadLeavesOut(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + organization("name = \"x\"\nmax_item_count = 5")},
		resource.TestStep{
			PreConfig: func() {
				s.UpdateOrganization(1, func(o *sandbox.Organization) { o.Settings["retentionDays"] = 30 })
				s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultMissingSettings, Times: -1})
			},
			Config: s.Provider() + organization("name = \"y\"\nmax_item_count = 5"), ExpectError: regexp.MustCompile(`lacks\s+the\s+name\s+or\s+the\s+settings`),
		},
		resource.TestStep{PreConfig: s.ClearFaults, Config: s.Provider() + organization("name = \"y\"\nmax_item_count = 5"), Check: func(*terraform.State) error {
			if org := s.MustOrganization(t, 1); org.Name != "y" || org.Settings["retentionDays"] == nil {
				t.Errorf("got %+v", org)
			}
			return nil
		}},
	)
}

// The platform may not show a copy at once.
func TestCopyThatIsMissingForAMoment(t *testing.T) {
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "source"})
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 404, Times: 2})
	config := s.Provider() + organization("name = \"copy\"\nsource_organization_id = \"1\"\nmax_item_count = 5")
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
	if got := s.Count("copy_organization"); got != 1 {
		t.Errorf("%d copies were made", got)
	}
}
