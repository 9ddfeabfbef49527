package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// terminal announces what the demo does and does it, in one folder.
type terminal struct {
	*cli.Folder
	out io.Writer
	// settings are the environment variables that matter, for those who want to
	// repeat a command.
	settings []string
	steps    int
	// shown is what the last command wrote.
	shown string
}

// introduce says where the demo works, so that its commands can be repeated in
// another terminal while it runs.
func (t *terminal) introduce() {
	fmt.Fprintf(t.out, "The commands below use %s on a copy of examples/quickstart, with:\n\n", t.CLI)
	fmt.Fprintf(t.out, "    cd %s\n", t.Dir)
	if found, err := exec.LookPath(filepath.Base(t.CLI)); err != nil || found != t.CLI {
		fmt.Fprintf(t.out, "    export PATH=%s:$PATH\n", filepath.Dir(t.CLI))
	}
	for _, setting := range t.settings {
		fmt.Fprintf(t.out, "    export %s\n", setting)
	}
	fmt.Fprintf(t.out, "\nThe last names a development override: the provider that was just built is used as it is, with\n"+
		"no init. The CLI warns about that in each command; the demo leaves the warning out.\n")
}

// step announces the next step.
func (t *terminal) step(what string) {
	t.steps++
	fmt.Fprintf(t.out, "\n%d. %s\n", t.steps, what)
}

// checked says what was found in the sandbox.
func (t *terminal) checked(format string, args ...any) {
	fmt.Fprintf(t.out, "\nChecked: %s.\n", fmt.Sprintf(format, args...))
}

// command shows a command of the CLI and runs it.
func (t *terminal) command(ctx context.Context, args ...string) error {
	t.show(append([]string{filepath.Base(t.CLI)}, args...)...)
	trimmed := newTrimmer(t.out)
	command := t.Command(ctx, args...)
	command.Stdout, command.Stderr = trimmed, trimmed
	output, err := cli.Capture(command)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	if err := trimmed.flush(); err != nil {
		return err
	}
	t.shown = output.Text()
	if output.ExitCode != 0 {
		return fmt.Errorf("%s %s ended with exit code %d", filepath.Base(t.CLI), args[0], output.ExitCode)
	}
	return nil
}

// expectShown fails unless the last command wrote a text.
func (t *terminal) expectShown(text string) error {
	if !strings.Contains(t.shown, text) {
		return fmt.Errorf("%q was expected in what the CLI wrote", text)
	}
	return nil
}

// noChanges runs a plan that must find nothing to do. With -detailed-exitcode a
// CLI ends with 2 where there is something.
func (t *terminal) noChanges(ctx context.Context) error {
	if err := t.command(ctx, "plan", "-detailed-exitcode"); err != nil {
		return fmt.Errorf("a plan was to find nothing to do: %w", err)
	}
	return nil
}

// write shows and writes a file.
func (t *terminal) write(name, content string) error {
	t.show("cat > " + name + " <<'END'\n" + content + "END")
	return t.Write(name, content)
}

// remove shows that a file is removed, and removes it.
func (t *terminal) remove(name string) error {
	t.show("rm", name)
	return os.Remove(t.Path(name))
}

func (t *terminal) show(words ...string) {
	fmt.Fprintf(t.out, "\n$ %s\n", strings.Join(words, " "))
}
