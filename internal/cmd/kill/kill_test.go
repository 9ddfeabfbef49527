// Package kill tests that applies which are killed at random moments lose and duplicate nothing, with a real CLI
// against a local sandbox.
package kill

import (
	_ "embed"
	"errors"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

var (
	rounds        = flag.Int("rounds", 3, "how many applies are killed")
	organizations = flag.Int("organizations", 5, "how many organizations an apply creates, with a file each")
	seed          = flag.Uint64("seed", 1, "seed of the moments")
	out           = flag.String("out", "", "`page` to write the figures to, between its markers")
)

// configuration creates organizations with one file each.
//
//go:embed main.tf
var configuration string

// orphansConfiguration lists objects on the platform that are in no state. The troubleshooting guide shows it.
//
//go:embed orphans.tf
var orphansConfiguration string

// latency makes creates take most of the time of an apply.
const latency = 50 * time.Millisecond

func TestKill(t *testing.T) {
	t.Parallel()
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	m := measurement{rounds: *rounds, organizations: *organizations, seed: *seed, latency: latency}
	err := program.WithTestbed(ctx, "kill", acceptance.CLIPath(t), t.Output(), nil, func(testbed *program.Testbed) error {
		page := testbed.Page(*out, "kill")
		conditions, err := testbed.Conditions(ctx)
		if err := errors.Join(err, page.Check()); err != nil {
			return err
		}
		totals, err := m.run(ctx, testbed, t.Output())
		if err != nil {
			return err
		}
		return page.Write(conditions + "\n\n" + totals)
	})
	if err != nil {
		t.Error(err)
	}
}
