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
