package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Main runs a program behind a make target, whose flags are those of package flag, and exits. run's context ends on a
// signal, or when the output is closed: then SIGPIPE arrives, and writes fail.
func Main(about string, run func(ctx context.Context, stdout, stderr io.Writer) error) {
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "%s\n\nFlags:\n", about)
		flag.PrintDefaults()
	}
	flag.Parse() //nolint:revive // This is all of main.
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "unexpected argument %q\n", flag.Arg(0))
		os.Exit(2) //nolint:revive // This is the end of main.
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Stdout, os.Stderr)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:revive // This is the end of main.
	}
}
