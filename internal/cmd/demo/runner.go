package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// runner announces what the demo does and does it, in one folder.
type runner struct {
	out io.Writer
	dir string
	cli string
	// settings are the environment variables that matter, for those who want to
	// repeat a command.
	settings []string
	steps    int
}

func newRunner(out io.Writer, w *workspace, url string) *runner {
	return &runner{
		out: out, dir: w.quickstart, cli: w.cli,
		settings: []string{
			"GUARDAI_HOST=" + url,
			"GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID,
			"GUARDAI_API_KEY=" + sandbox.AdminKey,
			"TF_CLI_CONFIG_FILE=" + w.cliConfig,
		},
	}
}

// introduce says where the demo works, so that its commands can be repeated in
// another terminal while it runs.
func (r *runner) introduce() {
	fmt.Fprintf(r.out, "The commands below use %s on a copy of examples/quickstart, with:\n\n", r.cli)
	fmt.Fprintf(r.out, "    cd %s\n", r.dir)
	name, folder := filepath.Base(r.cli), filepath.Dir(r.cli)
	if found, err := exec.LookPath(name); err != nil || found != r.cli {
		fmt.Fprintf(r.out, "    export PATH=%s:$PATH\n", folder)
	}
	for _, setting := range r.settings {
		fmt.Fprintf(r.out, "    export %s\n", setting)
	}
	fmt.Fprintf(r.out, "\nThe last names a development override: the provider that was just built is taken as it is, with\n"+
		"no init. The CLI warns of that in each command; the demo leaves the warning out.\n")
}

// step announces the next step.
func (r *runner) step(what string) {
	r.steps++
	fmt.Fprintf(r.out, "\n%d. %s\n", r.steps, what)
}

// checked says what was found in the sandbox.
func (r *runner) checked(format string, args ...any) {
	fmt.Fprintf(r.out, "\nChecked: %s.\n", fmt.Sprintf(format, args...))
}

// command shows a command of the CLI and runs it.
func (r *runner) command(ctx context.Context, args ...string) error {
	r.show(append([]string{filepath.Base(r.cli)}, args...)...)
	command := run.Command(ctx, r.cli, args...)
	output := newTrimmer(r.out)
	command.Dir, command.Stdout, command.Stderr = r.dir, output, output
	command.Env = append(cli.CleanEnviron(), r.settings...)
	command.Env = append(command.Env, "TF_CLI_ARGS=-no-color")
	err := command.Run()
	if ctx.Err() != nil {
		// A CLI that was interrupted may have left its providers running.
		run.Sweep(command)
		return ctx.Err()
	}
	if err := output.flush(); err != nil {
		return err
	}
	if exit, failed := errors.AsType[*exec.ExitError](err); failed {
		return fmt.Errorf("%s %s ended with exit code %d", filepath.Base(r.cli), args[0], exit.ExitCode())
	}
	return err
}

// noChanges runs a plan that must find nothing to do. With -detailed-exitcode a
// CLI ends with 2 where there is something.
func (r *runner) noChanges(ctx context.Context) error {
	if err := r.command(ctx, "plan", "-detailed-exitcode"); err != nil {
		return fmt.Errorf("a plan was to find nothing to do: %w", err)
	}
	return nil
}

// write shows and writes a file.
func (r *runner) write(name, content string) error {
	r.show("cat > " + name + " <<'END'\n" + content + "END")
	return os.WriteFile(filepath.Join(r.dir, name), []byte(content), 0o600)
}

// remove shows that files are removed, and removes them.
func (r *runner) remove(names ...string) error {
	r.show(append([]string{"rm"}, names...)...)
	for _, name := range names {
		if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) show(words ...string) {
	fmt.Fprintf(r.out, "\n$ %s\n", strings.Join(words, " "))
}
