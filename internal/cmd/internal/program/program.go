// Package program is what the programs behind make's targets have in common: flags, an
// end that leaves nothing behind, a built provider, a sandbox, and pages to write to.
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

// Program is a program with its flags.
type Program struct {
	Name string
	// About says in sentences what the program does.
	About string
	// Flags defines the flags.
	Flags func(*flag.FlagSet)
	// Check says what is wrong with the flags' values.
	Check func() error
	// Run does the work. Its context ends at a signal, and when the output is closed.
	Run func(ctx context.Context, stdout, stderr io.Writer) error
}

// Main runs the program with the process's arguments, and returns its exit code.
func (p Program) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A closed output is then an error of a write and not the end of the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	defer stop()
	return p.Execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// Execute runs the program, and returns its exit code.
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
	if err = p.Run(ctx, &watched{stdout, cancel}, &watched{stderr, cancel}); err == nil {
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

// watched ends a program's context when its output can't be written any more.
type watched struct {
	io.Writer
	cancel context.CancelCauseFunc
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		w.cancel(fmt.Errorf("writing the output: %w", err))
	}
	return n, err
}
