// Command kill ends applies with SIGKILL at random moments, with a real CLI against a
// sandbox on this machine, and fails where an object is lost or doubled afterwards.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// configuration creates organizations with a file each.
//
//go:embed main.tf
var configuration string

// orphansConfiguration finds what is on the platform and in no state. The guide on
// reliability shows it too.
//
//go:embed orphans.tf
var orphansConfiguration string

// defaultLatency makes creates take the greater part of an apply.
const defaultLatency = 50 * time.Millisecond

func main() { os.Exit(newProgram().Main()) }

func newProgram() program.Program {
	m, page := &measurement{}, program.Page{Name: "kill"}
	return program.Program{
		Name:  "kill",
		About: "Kills applies at random moments, the provider's process and the CLI's by turns, and counts what is left.",
		Flags: func(flags *flag.FlagSet) {
			flags.IntVar(&m.rounds, "rounds", 50, "how many applies are killed")
			flags.IntVar(&m.organizations, "organizations", 25, "how many organizations an apply creates, with a file each")
			flags.Uint64Var(&m.seed, "seed", 1, "seed of the moments")
			flags.DurationVar(&m.latency, "latency", defaultLatency, "how long the platform takes for a create, before and after its work")
			program.PageFlag(flags, &page)
		},
		Check: func() error {
			if m.rounds < 1 || m.organizations < 1 || m.latency < 0 {
				return errors.New("-rounds and -organizations must be at least 1, and -latency not negative")
			}
			return page.Check()
		},
		Run: func(ctx context.Context, stdout, stderr io.Writer) error {
			return program.InLab(ctx, "kill", "", stderr, nil, func(lab *program.Lab) error {
				conditions, err := lab.Conditions(ctx)
				if err != nil {
					return err
				}
				sums, err := m.run(ctx, lab, stdout)
				if err != nil {
					return err
				}
				return page.Write(conditions + "\n\n" + sums)
			})
		},
	}
}

// seeded returns the same moments for the same seed.
func seeded(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // They are no secret.
}
