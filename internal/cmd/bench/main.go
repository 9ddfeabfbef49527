// Command bench measures the provider with a real CLI against a sandbox on this
// machine: plans beside Terraform's own floor, its start beside that of an empty
// provider, and a large file beside curl and sha256sum. It prints one table, and
// writes it into a page where it is told to.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := bench(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// options say what is measured.
type options struct {
	// runs is how often each time is taken; the table shows the median.
	runs int
	// quick measures a tenth of everything, to see that it works.
	quick bool
	// only chooses lines of the table by their name.
	only *regexp.Regexp
	// out is a page to write the table to; empty means none.
	out string
}

func parse(args []string, stderr io.Writer) (options, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	runs := flags.Int("runs", 3, "how often to take each time; the table shows the median")
	quick := flags.Bool("quick", false, "measure a tenth of everything, to see that it works")
	only := flags.String("only", "", "measure only the lines whose name matches this regular expression")
	out := flags.String("out", "", "page to write the table to, between its two marks")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	chosen, err := regexp.Compile(*only)
	switch {
	case err != nil:
		return options{}, fmt.Errorf("-only: %w", err)
	case *runs < 1:
		return options{}, errors.New("-runs must be 1 or more")
	case flags.NArg() > 0:
		return options{}, fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	return options{runs: *runs, quick: *quick, only: chosen, out: *out}, nil
}

// bench measures what the arguments choose, and prints the table.
func bench(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	chosen, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if chosen.out != "" {
		if err := checkPage(chosen.out); err != nil {
			return err
		}
	}
	w, err := newWorkspace(ctx, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	found, err := measureAll(ctx, w, chosen, stderr)
	if err != nil {
		return err
	}
	what, err := describe(ctx, w, chosen)
	if err != nil {
		return err
	}
	report := what + "\n\n" + found.table()
	fmt.Fprint(stdout, report)
	if chosen.out == "" {
		return nil
	}
	return writePage(chosen.out, report)
}

// measureAll measures every line that is chosen, in the order of the table.
func measureAll(ctx context.Context, w *workspace, chosen options, stderr io.Writer) (results, error) {
	var found results
	for _, l := range append(planLines(chosen), startLine(), largeFileLine(chosen)) {
		if !chosen.only.MatchString(l.name) {
			continue
		}
		fmt.Fprintf(stderr, "Measuring: %s.\n", l.name)
		measured, err := l.measure(ctx, w, chosen.runs)
		var missing *missingProgramError
		switch {
		case errors.As(err, &missing):
			found.notes = append(found.notes, fmt.Sprintf("Not measured: %s, since there is no %s on this machine.", l.name, missing.name))
		case ctx.Err() != nil:
			return results{}, errors.New("it was interrupted")
		case err != nil:
			return results{}, fmt.Errorf("%s: %w", l.name, err)
		}
		found.measurements = append(found.measurements, measured...)
	}
	return found, nil
}

// line measures one line of the table, or a few that belong together.
type line struct {
	name    string
	measure func(ctx context.Context, w *workspace, runs int) ([]measurement, error)
}

// missingProgramError is a program to compare with that this machine doesn't have.
type missingProgramError struct{ name string }

func (m *missingProgramError) Error() string { return "there is no " + m.name }
