//go:build unix

// Package cancellation_test presses Ctrl-C on a real CLI with the provider as a
// process of its own.
package cancellation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// configuration is what the tests apply: an organization with a file.
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

// largeFile is more than the buffers between the provider and the sandbox hold.
var largeFile = strings.Repeat("0123456789abcdef", 2<<20)

// What a canceled create says.
const (
	found   = "after its response was lost"
	unknown = "may have carried it out"
)

const organizations, organization, file = "/api/v1/organizations", "/organizations/1", "/organizations/1/file"

// interruption is a moment at which the user presses Ctrl-C.
type interruption struct {
	*gate
	// from is what was applied before; empty means nothing.
	from string
	// to is what is being applied; empty means that what is there is destroyed.
	to string
	// planning interrupts a plan and not an apply. While an apply still plans, a CLI
	// doesn't inform providers of Ctrl-C: they get it from the terminal alone.
	planning bool
	// responds opens the gate once the CLI knows that it is interrupted.
	responds bool
	// says is what the CLI writes at its end.
	says string
	// left is how many objects the platform made that aren't in state.
	left int
}

var interruptions = map[string]interruption{
	"login": {
		gate: &gate{method: http.MethodPost, suffix: "/login"}, to: configuration(1, small),
	},
	"create": {
		gate: &gate{method: http.MethodPost, suffix: organizations}, to: configuration(1, small), says: unknown,
	},
	"create that was carried out": {
		gate: &gate{method: http.MethodPost, suffix: organizations, carriedOut: true}, to: configuration(1, small), says: found,
	},
	"create that was carried out, before a silence": {
		gate: &gate{suffix: organizations, carriedOut: true}, to: configuration(1, small), says: unknown, left: 1,
	},
	"create with a late response": {
		gate: &gate{method: http.MethodPost, suffix: organizations, carriedOut: true}, to: configuration(1, small), responds: true,
	},
	"create in a retry wait": {
		gate: &gate{method: http.MethodPost, suffix: organizations, busy: true}, to: configuration(1, small),
	},
	"refresh": {
		gate: &gate{method: http.MethodGet, suffix: organization}, from: configuration(1, small), to: configuration(2, small), planning: true,
	},
	"refresh of an apply": {
		gate: &gate{method: http.MethodGet, suffix: organization}, from: configuration(1, small), to: configuration(2, small),
	},
	"refresh in a retry wait": {
		gate: &gate{method: http.MethodGet, suffix: organization, busy: true}, from: configuration(1, small), to: configuration(2, small), planning: true,
	},
	"refresh of an apply, in a retry wait": {
		gate: &gate{method: http.MethodGet, suffix: organization, busy: true}, from: configuration(1, small), to: configuration(2, small),
	},
	"download": {
		gate: &gate{method: http.MethodGet, suffix: file}, from: configuration(1, large), to: configuration(2, large), planning: true,
	},
	"download of an apply": {
		gate: &gate{method: http.MethodGet, suffix: file}, from: configuration(1, large), to: configuration(2, large),
	},
	"update": {
		gate: &gate{method: http.MethodPut, suffix: organization}, from: configuration(1, small), to: configuration(2, small),
	},
	"update that was carried out": {
		gate: &gate{method: http.MethodPut, suffix: organization, carriedOut: true}, from: configuration(1, small), to: configuration(2, small),
	},
	"upload": {
		gate: &gate{method: http.MethodPost, suffix: file}, to: configuration(1, large),
	},
	"upload that was carried out": {
		gate: &gate{method: http.MethodPost, suffix: file, carriedOut: true}, to: configuration(1, small), says: found,
	},
	"upload in a retry wait": {
		gate: &gate{method: http.MethodPost, suffix: file, busy: true}, to: configuration(1, small),
	},
	"replacement": {
		gate: &gate{method: http.MethodPost, suffix: file}, from: configuration(1, small), to: configuration(1, large),
	},
	"delete": {
		gate: &gate{method: http.MethodDelete, suffix: organization}, from: configuration(1, small),
	},
	"delete that was carried out": {
		gate: &gate{method: http.MethodDelete, suffix: file, carriedOut: true}, from: configuration(1, small),
	},
}

// TestCtrlC is one test, so that the provider is built only once.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	install := acceptance.Install(t)
	for name, each := range interruptions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each.play(t, install)
		})
	}
}

func (i *interruption) play(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	s := newPlatform(t, i.gate)
	first := i.from
	if first == "" {
		first = i.to
	}
	c := newWorkspace(t, install, s, map[string]string{"main.tf": first, "large.bin": largeFile})
	c.MustRun(t, "init")
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
	i.check(t, c, s)
}

// interrupt runs a command and interrupts it at the gate. It ends while the gate is
// shut: nothing that it waited for has come.
func (i *interruption) interrupt(t *testing.T, c *acceptance.Workspace, command ...string) {
	t.Helper()
	i.shut()
	process := start(t, c, command...)
	if i.busy {
		// The provider logs the attempt right before it waits.
		await(t, process, "status=429")
	} else {
		awaitEvent(t, process, i.reached)
	}
	if err := process.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if i.responds {
		await(t, process, "Interrupt received")
		i.open()
	}
	t.Logf("the CLI ended %.1f s after Ctrl-C", end(t, process).Seconds())
	if !strings.Contains(process.Log(), i.says) {
		t.Errorf("the CLI doesn't say %q:\n%s", i.says, process.Log())
	}
}

// check compares the platform with the configuration.
func (i *interruption) check(t *testing.T, c *acceptance.Workspace, s *acceptance.Sandbox) {
	t.Helper()
	want := 2 + i.left
	if i.to == "" {
		want = 0
	} else if plan := c.Run(t, "plan", "-detailed-exitcode"); plan.ExitCode != 0 {
		t.Errorf("the plan after the next apply ended with %d:\n%s", plan.ExitCode, plan.Text())
	}
	got := 0
	for _, org := range s.Organizations() {
		got += 1 + len(s.Files(org.ID))
	}
	if got != want {
		t.Errorf("there are %d organizations and files, want %d", got, want)
	}
}
