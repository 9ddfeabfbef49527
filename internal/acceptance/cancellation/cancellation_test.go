//go:build unix

// Package cancellation_test presses Ctrl-C while a real CLI runs with the provider as a separate process.
package cancellation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// configuration returns an organization with a file.
func configuration(items int, content string) string {
	return cli.RequiredProviders + fmt.Sprintf(`
resource "guardai_organization" "test" {
  name           = "org"
  max_item_count = %d
}

resource "guardai_organization_file" "test" {
  organization_id = guardai_organization.test.id
  name            = "classes.csv"
  %s
}
`, items, content)
}

const (
	small = `content = "id,class\n"`
	large = `source = "large.bin"`
)

// largeFile exceeds the buffers between the provider and the sandbox.
var largeFile = strings.Repeat("0123456789abcdef", 2<<20)

// Parts of the messages about a canceled create.
const (
	recovered = "after its response was lost"
	unknown   = "may have carried it out"
)

// interruption is a test case: when the user presses Ctrl-C.
type interruption struct {
	// fault is that of the request during which the user presses Ctrl-C. By default, it never gets a response.
	fault sandbox.Fault
	// objects is the number of organizations and files once a request that is carried out is.
	objects int
	// silent is an operation whose later requests get no response either.
	silent string
	// from is applied before; empty means nothing.
	from string
	// to is applied when the user presses Ctrl-C.
	to string
	// planning interrupts a plan instead of an apply. While an apply is planning, the CLI doesn't tell providers to
	// stop: they only receive the terminal's signal.
	planning bool
	// output is expected in the CLI's output.
	output string
	// orphans is the number of objects on the platform that aren't in state.
	orphans int
}

// unprocessed never responds to a request of an operation, and processed doesn't either but carries it out.
func unprocessed(operation string) sandbox.Fault {
	return sandbox.Fault{Operation: operation, Kind: sandbox.FaultSlow, Delay: time.Hour, Times: -1}
}

func processed(operation string) sandbox.Fault {
	fault := unprocessed(operation)
	fault.AfterWork = true
	return fault
}

// rateLimited asks for a wait that is longer than the watchdog allows.
func rateLimited(operation string) sandbox.Fault {
	return sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "60", Times: -1}
}

var interruptions = map[string]interruption{
	"login":                       {fault: unprocessed("login"), to: configuration(1, small)},
	"create":                      {fault: unprocessed("add_organization"), to: configuration(1, small), output: unknown},
	"create that was carried out": {fault: processed("add_organization"), objects: 1, to: configuration(1, small), output: recovered},
	"create that was carried out, before a silence": {
		fault: processed("add_organization"), objects: 1, silent: "get_organizations", to: configuration(1, small), output: unknown, orphans: 1,
	},
	"create in a retry wait": {fault: rateLimited("add_organization"), to: configuration(1, small)},
	"refresh": {
		fault: unprocessed("get_organization"), from: configuration(1, small), to: configuration(2, small), planning: true,
	},
	"refresh of an apply, in a retry wait": {
		fault: rateLimited("get_organization"), from: configuration(1, small), to: configuration(2, small),
	},
	"download of an apply":        {fault: unprocessed("download_organization_file"), from: configuration(1, large), to: configuration(2, large)},
	"update":                      {fault: unprocessed("update_organization"), from: configuration(1, small), to: configuration(2, small)},
	"upload":                      {fault: unprocessed("upload_organization_file"), to: configuration(1, large)},
	"upload that was carried out": {fault: processed("upload_organization_file"), objects: 2, to: configuration(1, small), output: recovered},
	"replacement":                 {fault: unprocessed("upload_organization_file"), from: configuration(1, small), to: configuration(1, large)},
	"delete that was carried out": {fault: processed("delete_organization_file"), objects: 1, from: configuration(1, small), to: cli.RequiredProviders},
}

// All cases are subtests of one test, so the provider is built only once.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	testbed := acceptance.NewTestbed(t)
	for name, each := range interruptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each.play(t, testbed)
		})
	}
}

func (i *interruption) play(t *testing.T, testbed *cli.Testbed) {
	t.Helper()
	s := acceptance.NewSandbox(t)
	c := newWorkspace(t, testbed, s, map[string]string{"main.tf": i.from, "large.bin": largeFile})
	if i.from != "" {
		c.MustRun(t, "apply", "-auto-approve")
	}
	c.Write(t, "main.tf", i.to)
	if i.planning {
		i.interrupt(t, s, c, "plan")
	} else {
		i.interrupt(t, s, c, "apply", "-auto-approve")
	}
	s.ClearFaults()
	c.MustRun(t, "apply", "-auto-approve")
	i.check(t, s)
}

// interrupt runs a command and presses Ctrl-C during the request with the fault.
func (i *interruption) interrupt(t *testing.T, s *acceptance.Sandbox, c *acceptance.Workspace, command ...string) {
	t.Helper()
	s.Inject(i.fault)
	process := start(t, c, command...)
	if i.fault.Kind == sandbox.FaultStatus {
		// The provider logs the attempt right before it waits.
		waitForOutput(t, process, "status=429")
	} else {
		waitFor(t, process, func() bool { return hasFault(s) && (!i.fault.AfterWork || countObjects(s) == i.objects) })
	}
	if i.silent != "" {
		s.Inject(unprocessed(i.silent))
	}
	if err := process.Interrupt(); err != nil {
		t.Fatal(err)
	}
	t.Logf("the CLI ended %.1f s after Ctrl-C", waitForExit(t, process).Seconds())
	if !strings.Contains(process.Log(), i.output) {
		t.Errorf("the CLI doesn't say %q:\n%s", i.output, process.Log())
	}
}

// check counts the objects on the platform. That an apply leaves no changes is for other tests.
func (i *interruption) check(t *testing.T, s *acceptance.Sandbox) {
	t.Helper()
	if got, want := countObjects(s), strings.Count(i.to, "\nresource ")+i.orphans; got != want {
		t.Errorf("there are %d organizations and files, want %d", got, want)
	}
}

func countObjects(s *acceptance.Sandbox) int {
	count := 0
	for _, org := range s.Organizations() {
		count += 1 + len(s.Files(org.ID))
	}
	return count
}

// hasFault reports whether the sandbox has received a request with a fault.
func hasFault(s *acceptance.Sandbox) bool {
	return slices.ContainsFunc(s.Requests(), func(request sandbox.Request) bool { return request.Fault != "" })
}
