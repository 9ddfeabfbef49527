// Command faults runs every operation of the provider's resources against every fault
// that the platform or the network may have, with a real CLI against sandboxes on this
// machine, and prints how each run ended and what was lost.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// runsPerProcessor is how many runs there are at once for each processor: a run waits
// as much as it works.
const runsPerProcessor = 2

func main() { os.Exit(newProgram().Main()) }

// options are what the flags say.
type options struct {
	cli, only, out string
	verbose        bool
	workers        int
}

func newProgram() program.Program {
	opts := &options{}
	return program.Program{
		Name:  "faults",
		About: "Runs every operation against every fault of the platform or the network, and counts what is lost.",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&opts.cli, "cli", "", "`CLI` to run, by name or path, in place of the one that "+cli.Variable+" names")
			flags.StringVar(&opts.only, "only", "*/*", "run what matches the `pattern` OPERATION/FAULT, such as upload/* or */503")
			flags.StringVar(&opts.out, "out", "", "write the results to a `file`.json, or the tables to a page, between its two marks")
			flags.BoolVar(&opts.verbose, "v", false, "report each run as it ends, and all that the CLI wrote in a bad one")
			flags.IntVar(&opts.workers, "workers", runsPerProcessor*runtime.NumCPU(), "`number` of runs at once")
		},
		Check: opts.check,
		Run:   opts.run,
	}
}

func (o *options) check() error {
	if o.workers < 1 {
		return errors.New("-workers must be at least 1")
	}
	if _, err := matching(o.only); err != nil {
		return err
	}
	if o.isJSON() {
		return nil
	}
	return o.page().Check()
}

// isJSON says whether the results themselves are written, and not their tables.
func (o *options) isJSON() bool { return filepath.Ext(o.out) == ".json" }

func (o *options) page() program.Page { return program.Page{File: o.out, Name: "faults"} }

func (o *options) run(ctx context.Context, stdout, stderr io.Writer) error {
	chosen, err := matching(o.only)
	if err != nil {
		return err
	}
	return program.InLab(ctx, "faults", o.cli, stderr, nil, func(lab *program.Lab) error {
		conditions, err := lab.Conditions(ctx)
		if err != nil {
			return err
		}
		results, err := newMatrix(lab, o.workers, func(r Result) {
			if o.verbose {
				fmt.Fprintln(stderr, r.describe())
			}
		}).run(ctx, chosen)
		if err != nil {
			return err
		}
		fmt.Fprint(stdout, report(results))
		if err := o.write(conditions, results); err != nil {
			return err
		}
		return judge(results)
	})
}

// write writes the results to a file, unless there is none to write to.
func (o *options) write(conditions string, results []Result) error {
	if !o.isJSON() {
		return o.page().Write(conditions + "\n\n" + report(results))
	}
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, append(text, '\n'), 0o600)
}

// judge returns an error that names what isn't good.
func judge(results []Result) error {
	wrong := bad(results)
	switch {
	case len(results) == 0:
		return errors.New("nothing matches; operations and faults are named in the tables of a whole run")
	case len(wrong) == 0:
		return nil
	}
	lines := make([]string, 0, len(wrong))
	for _, r := range wrong {
		lines = append(lines, fmt.Sprintf("%s / %s (%s): %s, %+v", r.Operation, r.Fault, r.Mode, r.Verdict, r.Damage))
	}
	return fmt.Errorf("%d of %d runs did not end as they must (-v shows more):\n  %s", len(wrong), len(results), strings.Join(lines, "\n  "))
}
