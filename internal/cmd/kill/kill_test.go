//go:build slow

// Package kill tests that applies which are killed at random moments lose and duplicate nothing, with a real CLI
// against a local sandbox.
package kill

import (
	_ "embed"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

var (
	rounds        = flag.Int("rounds", 50, "how many applies are killed")
	organizations = flag.Int("organizations", 25, "how many organizations an apply creates, with a file each")
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
	err := cli.Page{File: *out, Name: "kill"}.Measure(ctx, acceptance.CLIPath(t), t.Output(), t.Output(), nil, func(testbed *cli.Testbed) (string, error) {
		totals, err := m.run(ctx, testbed, t.Output())
		return "\n\n" + totals, err
	})
	if err != nil {
		t.Error(err)
	}
}
