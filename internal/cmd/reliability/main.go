// Command reliability measures what becomes of the provider's work when things go
// wrong in bulk: its subcommand kill ends applies with SIGKILL at random moments, and
// load manages thousands of objects on a platform that refuses a part of the calls.
// Both run a real CLI against a sandbox on this machine and fail where something is
// lost or doubled. They need Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
)

// The exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// errUsage is a command line that can't be used.
var errUsage = errors.New("usage: reliability kill|load [flags]")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := measure(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func measure(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := errUsage
	if len(args) > 0 {
		switch args[0] {
		case "kill":
			err = kill(ctx, args[1:], stdout, stderr)
		case "load":
			err = load(ctx, args[1:], stdout, stderr)
		}
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	fmt.Fprintln(stderr, "Error:", err)
	return exitError
}

func kill(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	k := killing{out: stdout}
	flags := newFlags("kill", stdout)
	flags.IntVar(&k.rounds, "rounds", 50, "how many applies are killed")
	flags.IntVar(&k.organizations, "organizations", 25, "how many organizations an apply creates, with a file each")
	flags.Uint64Var(&k.seed, "seed", 1, "seed of the moments")
	flags.DurationVar(&k.latency, "latency", defaultLatency, "how long the platform takes for a create, before and after its work")
	return inWorkspace(ctx, flags, args, stderr, k.run)
}

func load(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	l := loading{out: stdout}
	flags := newFlags("load", stdout)
	flags.IntVar(&l.organizations, "organizations", 2000, "how many organizations are managed, with a file each")
	flags.IntVar(&l.parallelism, "parallelism", 10, "how many operations the CLI runs at once")
	flags.Float64Var(&l.rate, "rate", 0.05, "share of calls that are answered with 429 or 503")
	return inWorkspace(ctx, flags, args, stderr, l.run)
}

func newFlags(name string, stdout io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("reliability "+name, flag.ContinueOnError)
	flags.SetOutput(stdout)
	return flags
}

// inWorkspace runs what the flags have described.
func inWorkspace(ctx context.Context, flags *flag.FlagSet, args []string, stderr io.Writer, do func(context.Context, *workspace) error) (err error) {
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	path, err := cli.Resolve(ctx, stderr)
	if err != nil {
		return err
	}
	w, err := newWorkspace(ctx, path, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	return do(ctx, w)
}
