package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Page is a Markdown page with a section, between two marker comments, for the results of a measurement.
type Page struct {
	// File is the path, relative to the repository. If it is empty, nothing is written.
	File string
	// Name is part of the markers.
	Name string
}

// Measure calls do with a new testbed, and writes the report that it returns, after the conditions, to stdout and to
// the page.
func (p Page) Measure(ctx context.Context, path string, stdout, stderr io.Writer, flags []string, do func(*Testbed) (string, error)) error {
	return WithTestbed(ctx, path, stderr, flags, func(b *Testbed) error {
		// Without its markers, the page couldn't hold the results. And now the load average is that of other programs.
		if _, _, err := p.split(b.Root); err != nil {
			return err
		}
		conditions, err := b.Conditions(ctx)
		if err != nil {
			return err
		}
		report, err := do(b)
		if err != nil {
			return err
		}
		return p.Write(b.Root, conditions+report, stdout)
	})
}

func (p Page) markers() (begin, end string) {
	return "<!-- " + p.Name + ": begin -->\n", "<!-- " + p.Name + ": end -->\n"
}

// Write prints a report, and replaces the text between the page's markers by it.
func (p Page) Write(root, report string, stdout io.Writer) error {
	fmt.Fprint(stdout, report)
	before, after, err := p.split(root)
	if err != nil || p.File == "" {
		return err
	}
	begin, end := p.markers()
	return os.WriteFile(filepath.Join(root, p.File), []byte(before+begin+"\n"+report+"\n"+end+after), 0o600)
}

// split returns the text before the first marker and after the second.
func (p Page) split(root string) (before, after string, err error) {
	if p.File == "" {
		return "", "", nil
	}
	page, err := os.ReadFile(filepath.Join(root, p.File)) //nolint:gosec // The user names the page.
	if err != nil {
		return "", "", err
	}
	begin, end := p.markers()
	before, rest, begins := strings.Cut(string(page), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", "", fmt.Errorf("%s has no lines %q and %q", p.File, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before, after, nil
}

// Conditions describes the date, versions and machine of a measurement. Call it before the work begins, so the load
// average is that of other programs.
func (b *Testbed) Conditions(ctx context.Context) (string, error) {
	product, err := Identify(ctx, b.CLI)
	if err != nil {
		return "", err
	}
	text := "Measured on " + time.Now().UTC().Format(time.DateOnly)
	if commit := b.commit(ctx); commit != "" {
		text += " at commit " + commit
	}
	text += fmt.Sprintf(" with %s and %s on %s/%s: %d cores", product,
		strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if content, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ := strings.Cut(string(content), " ")
		text += ", a load average of " + load + " before the start"
	}
	return text + ".", nil
}

// commit returns the abbreviated commit that is checked out, or "" without git. Changes of the pages and pictures that
// measurements are written to don't make it dirty.
func (b *Testbed) commit(ctx context.Context) string {
	git := func(args ...string) (string, error) {
		command := Command(ctx, "git", args...)
		command.Dir = b.Root
		output, err := RequireSuccess(command)
		return strings.TrimSpace(output.Stdout), err
	}
	commit, err := git("rev-parse", "--short=10", "HEAD")
	if err != nil {
		return ""
	}
	if changes, err := git("status", "--porcelain", "--", ".", ":!assets", ":!internal/measurements"); err != nil || changes != "" {
		commit += "-dirty"
	}
	return commit
}
