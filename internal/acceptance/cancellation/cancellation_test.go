//go:build unix

// Package cancellation_test presses Ctrl-C while a real CLI runs with the provider as a separate process.
package cancellation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
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

const organizations, organization, file = "/api/v1/organizations", "/organizations/1", "/organizations/1/file"

// interruption is a test case: when the user presses Ctrl-C.
type interruption struct {
	*gate
	// from is applied before; empty means nothing.
	from string
	// to is applied when the user presses Ctrl-C; empty means destroy.
	to string
	// planning interrupts a plan instead of an apply. While an apply is planning, the CLI doesn't tell providers to
	// stop: they only receive the terminal's signal.
	planning bool
	// responds opens the gate after the CLI has received the signal.
	responds bool
	// output is expected in the CLI's output.
	output string
	// orphans is the number of objects on the platform that aren't in state.
	orphans int
}

var interruptions = map[string]interruption{
	"login": {
		gate: &gate{method: http.MethodPost, suffix: "/login"}, to: configuration(1, small),
	},
	"create": {
		gate: &gate{method: http.MethodPost, suffix: organizations}, to: configuration(1, small), output: unknown,
	},
	"create that was carried out": {
		gate: &gate{method: http.MethodPost, suffix: organizations, processed: true}, to: configuration(1, small), output: recovered,
	},
	"create that was carried out, before a silence": {
		gate: &gate{suffix: organizations, first: http.MethodPost, processed: true}, to: configuration(1, small), output: unknown, orphans: 1,
	},
	"create with a late response": {
		gate: &gate{method: http.MethodPost, suffix: organizations, processed: true}, to: configuration(1, small), responds: true,
	},
	"create in a retry wait": {
		gate: &gate{method: http.MethodPost, suffix: organizations, rateLimited: true}, to: configuration(1, small),
	},
	"refresh": {
		gate: &gate{method: http.MethodGet, suffix: organization}, from: configuration(1, small), to: configuration(2, small), planning: true,
	},
	"refresh of an apply, in a retry wait": {
		gate: &gate{method: http.MethodGet, suffix: organization, rateLimited: true}, from: configuration(1, small), to: configuration(2, small),
	},
	"download of an apply": {
		gate: &gate{method: http.MethodGet, suffix: file}, from: configuration(1, large), to: configuration(2, large),
	},
	"update": {
		gate: &gate{method: http.MethodPut, suffix: organization}, from: configuration(1, small), to: configuration(2, small),
	},
	"upload": {
		gate: &gate{method: http.MethodPost, suffix: file}, to: configuration(1, large),
	},
	"upload that was carried out": {
		gate: &gate{method: http.MethodPost, suffix: file, processed: true}, to: configuration(1, small), output: recovered,
	},
	"replacement": {
		gate: &gate{method: http.MethodPost, suffix: file}, from: configuration(1, small), to: configuration(1, large),
	},
	"delete that was carried out": {
		gate: &gate{method: http.MethodDelete, suffix: file, processed: true}, from: configuration(1, small),
	},
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
	s := newPlatform(t, i.gate)
	first := i.from
	if first == "" {
		first = i.to
	}
	c := newWorkspace(t, testbed, s, map[string]string{"main.tf": first, "large.bin": largeFile})
	if i.from != "" {
		c.MustRun(t, "apply", "-auto-approve")
	}
	command := []string{"destroy", "-auto-approve"}
	if i.to != "" {
		c.Write(t, "main.tf", i.to)
		command[0] = "apply"
	}
	if i.planning {
		i.interrupt(t, c, "plan")
	} else {
		i.interrupt(t, c, command...)
	}
	i.open()
	c.MustRun(t, command...)
	i.check(t, s)
}

// interrupt runs a command and presses Ctrl-C when a request has reached the gate. The command must exit while the gate
// is closed.
func (i *interruption) interrupt(t *testing.T, c *acceptance.Workspace, command ...string) {
	t.Helper()
	i.close()
	process := start(t, c, command...)
	if i.rateLimited {
		// The provider logs the attempt right before it waits.
		waitForOutput(t, process, "status=429")
	} else {
		waitFor(t, process, i.reached)
	}
	if err := process.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if i.responds {
		waitForOutput(t, process, "Interrupt received")
		i.open()
	}
	t.Logf("the CLI ended %.1f s after Ctrl-C", waitForExit(t, process).Seconds())
	if !strings.Contains(process.Log(), i.output) {
		t.Errorf("the CLI doesn't say %q:\n%s", i.output, process.Log())
	}
}

// check counts the objects on the platform. That an apply leaves no changes is for other tests.
func (i *interruption) check(t *testing.T, s *acceptance.Sandbox) {
	t.Helper()
	want := 2 + i.orphans
	if i.to == "" {
		want = 0
	}
	got := 0
	for _, org := range s.Organizations() {
		got += 1 + len(s.Files(org.ID))
	}
	if got != want {
		t.Errorf("there are %d organizations and files, want %d", got, want)
	}
}
