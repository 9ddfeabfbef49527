// Command faults plays every operation of the provider's resources against every
// fault that the platform or the network may have, with a real CLI against
// sandboxes on this machine, and prints how each run ended and what was lost.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/faults/matrix"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
)

// runsPerProcessor is how many runs are played at once for each processor: a run
// waits as much as it works.
const runsPerProcessor = 2

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	cli, only, out string
	verbose        bool
	workers        int
}

func parse(args []string, stderr io.Writer) (options, error) {
	var opts options
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&opts.cli, "cli", "", "`CLI` to run, by name or path, in place of the one that "+cli.Variable+" names")
	flags.StringVar(&opts.only, "only", "*/*", "play what matches the `pattern` OPERATION/FAULT, such as upload/* or */503")
	flags.StringVar(&opts.out, "out", "", "write the results to a `file`.json, or the tables to a page, between its two marks")
	flags.BoolVar(&opts.verbose, "v", false, "tell of each run as it ends, and all that the CLI wrote in a bad one")
	flags.IntVar(&opts.workers, "workers", runsPerProcessor*runtime.NumCPU(), "play a `number` of runs at once")
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	if flags.NArg() > 0 || opts.workers < 1 {
		return opts, errors.New("there are no arguments but flags, and -workers must be at least 1")
	}
	return opts, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	opts, err := parse(args, stderr)
	if err != nil {
		return err
	}
	chosen, err := matrix.Matching(opts.only)
	if err != nil {
		return err
	}
	if err := checkOutput(opts.out); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "guardai-faults-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Fprintln(stderr, "Building the provider.")
	programs, err := matrix.Build(ctx, opts.cli, dir)
	if err != nil {
		return err
	}
	var tell func(matrix.Result)
	if opts.verbose {
		tell = func(r matrix.Result) { show(stderr, r) }
	}
	results, err := matrix.New(programs, filepath.Join(dir, "runs"), opts.workers, tell).Run(ctx, chosen)
	if err != nil {
		return err
	}
	matrix.Write(stdout, results)
	if err := write(opts.out, results); err != nil {
		return err
	}
	return judge(results)
}

// show tells of a run.
func show(w io.Writer, r matrix.Result) {
	fmt.Fprintf(w, "%s / %s (%s): %s\n", r.Operation, r.Fault, r.Mode, r.Verdict)
	if !r.Good() {
		fmt.Fprintf(w, "%+v\n%s\n", r.Damage, r.Output)
	}
}

// judge returns an error that names what isn't good.
func judge(results []matrix.Result) error {
	bad := matrix.Bad(results)
	switch {
	case len(results) == 0:
		return errors.New("nothing matches; operations and faults are named in the tables of a whole run")
	case len(bad) == 0:
		return nil
	}
	lines := make([]string, 0, len(bad))
	for _, r := range bad {
		lines = append(lines, fmt.Sprintf("%s / %s (%s): %s, %+v", r.Operation, r.Fault, r.Mode, r.Verdict, r.Damage))
	}
	return fmt.Errorf("%d of %d runs did not end as they must (-v shows more):\n  %s", len(bad), len(results), strings.Join(lines, "\n  "))
}
