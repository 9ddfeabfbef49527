package program

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newCounter returns a program that accepts only the number 3.
func newCounter(ran *bool) Program {
	var count int
	return Program{
		Name: "count", About: "Counts.",
		Flags: func(flags *flag.FlagSet) { flags.IntVar(&count, "to", 3, "how far") },
		Check: func() error {
			if count != 3 {
				return errors.New("-to must be 3")
			}
			return nil
		},
		Run: func(context.Context, io.Writer, io.Writer) error {
			*ran = true
			return nil
		},
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args           []string
		exit           int
		stdout, stderr string
	}{
		{args: []string{"-to", "3"}, exit: ExitOK},
		{args: []string{"-help"}, exit: ExitOK, stdout: "how far"},
		{args: []string{"-h"}, exit: ExitOK, stdout: "Counts."},
		{args: []string{"-from", "1"}, exit: ExitUsage, stderr: "-from"},
		{args: []string{"-to", "x"}, exit: ExitUsage, stderr: "invalid value"},
		{args: []string{"-to", "4"}, exit: ExitUsage, stderr: "-to must be 3"},
		{args: []string{"3"}, exit: ExitUsage, stderr: `unexpected argument "3"`},
	} {
		ran := false
		var stdout, stderr bytes.Buffer
		if exit := newCounter(&ran).Execute(t.Context(), test.args, &stdout, &stderr); exit != test.exit {
			t.Errorf("%q: exit code %d, want %d", test.args, exit, test.exit)
		}
		for _, output := range []struct{ got, want string }{{stdout.String(), test.stdout}, {stderr.String(), test.stderr}} {
			if !strings.Contains(output.got, output.want) || output.want == "" && output.got != "" {
				t.Errorf("%q: wrote %q, want %q", test.args, output.got, output.want)
			}
		}
		if want := test.exit == ExitOK && test.stdout == ""; ran != want {
			t.Errorf("%q: ran: %t", test.args, ran)
		}
		if test.exit == ExitUsage && !strings.Contains(stderr.String(), "Usage: count") {
			t.Errorf("%q: no usage: %s", test.args, &stderr)
		}
	}
}

// brokenWriter is an output that was closed.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestClosedOutputEndsTheRun(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	p := Program{Name: "write", Run: func(ctx context.Context, stdout, _ io.Writer) error {
		fmt.Fprintln(stdout, "text")
		<-ctx.Done()
		return ctx.Err()
	}}
	if exit := p.Execute(t.Context(), nil, brokenWriter{}, &stderr); exit != ExitError || !strings.Contains(stderr.String(), "broken pipe") {
		t.Errorf("exit code %d, %q", exit, &stderr)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	page := Page{File: filepath.Join(t.TempDir(), "page.md"), Name: "test"}
	begin, end := page.markers()
	if err := os.WriteFile(page.File, []byte("# Page\n\n"+begin+"\nold\n\n"+end+"\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, report := range []string{"first\n", "second\n"} {
		if err := page.Write(report); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page.File)
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Page\n\n" + begin + "\nsecond\n\n" + end + "\nmore\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.WriteFile(page.File, []byte("# Page\n"+end+begin), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := page.Check(); err == nil || !strings.Contains(err.Error(), "<!-- test: begin -->") {
		t.Errorf("a page without its markers in order: %v", err)
	}
}
