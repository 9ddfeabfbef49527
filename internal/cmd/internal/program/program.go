// Package program is shared by the programs behind the make targets: flags and signals, a testbed with a built
// provider, a sandbox, and pages with results.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	ExitOK    = 0
	ExitError = 1
	ExitUsage = 2
)

// Program is a command-line program.
type Program struct {
	Name string
	// About describes the program in one or two sentences.
	About string
	Flags func(*flag.FlagSet)
	// Check validates the flags.
	Check func() error
	// Run does the work. Its context ends on a signal, or when the output is closed.
	Run func(ctx context.Context, stdout, stderr io.Writer) error
}

// Main runs the program with the process's arguments and returns its exit code.
func (p Program) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// With SIGPIPE handled, a closed output makes writes fail instead of ending the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	defer stop()
	return p.Execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// Execute runs the program and returns its exit code.
func (p Program) Execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if p.Flags != nil {
		p.Flags(flags)
	}
	err := flags.Parse(args)
	switch {
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case err == nil && p.Check != nil:
		err = p.Check()
	}
	if errors.Is(err, flag.ErrHelp) {
		p.usage(flags, stdout)
		return ExitOK
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %s\n\n", p.Name, err)
		p.usage(flags, stderr)
		return ExitUsage
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err = p.Run(ctx, &cancelingWriter{stdout, cancel}, &cancelingWriter{stderr, cancel}); err == nil {
		return ExitOK
	}
	if cause := context.Cause(ctx); cause != nil {
		err = fmt.Errorf("interrupted: %w", cause)
	}
	fmt.Fprintf(stderr, "%s: %s\n", p.Name, err)
	return ExitError
}

func (p Program) usage(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprintf(w, "%s\n\nUsage: %s [flags]\n", p.About, p.Name)
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// cancelingWriter cancels the program's context when a write fails.
type cancelingWriter struct {
	io.Writer
	cancel context.CancelCauseFunc
}

func (w *cancelingWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		w.cancel(fmt.Errorf("writing the output: %w", err))
	}
	return n, err
}
