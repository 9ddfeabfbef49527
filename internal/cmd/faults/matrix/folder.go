package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// What a folder holds alongside its configuration.
const (
	stateFile  = "terraform.tfstate"
	logFile    = "trace.log"
	sandboxDir = "sandbox"
)

// patience is how long one command of the CLI may take before the matrix gives up.
const patience = 5 * time.Minute

// folder is where one run happens.
type folder struct {
	dir     string
	cli     string
	environ []string
	// shown is all that the CLI wrote.
	shown bytes.Buffer
}

func newFolder(dir string, p Programs, url string, settings ...string) *folder {
	environ := append(cli.CleanEnviron(),
		"TF_CLI_CONFIG_FILE="+p.config, "TF_IN_AUTOMATION=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color",
		"TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(dir, logFile),
		"GUARDAI_HOST="+url, "GUARDAI_API_KEY_ID="+sandbox.AdminKeyID, "GUARDAI_API_KEY="+sandbox.AdminKey)
	return &folder{dir: dir, cli: p.cli, environ: append(environ, settings...)}
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

// write makes the folder hold a configuration.
func (f *folder) write(c configuration) error {
	for name, text := range c {
		if err := os.WriteFile(f.path(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// apply applies, and returns how the CLI ended.
func (f *folder) apply(ctx context.Context) (int, error) {
	return f.run(ctx, "apply", "-auto-approve", "-input=false")
}

// converge applies, and says whether a plan then finds nothing to do. between is
// called between the two.
func (f *folder) converge(ctx context.Context, between func() error) (code int, settled bool, err error) {
	code, err = f.apply(ctx)
	if err = errors.Join(err, between()); err != nil || code != 0 {
		return code, false, err
	}
	settled, err = f.settled(ctx)
	return code, settled, err
}

// namesCall says whether an error was shown that names a call, as the provider's
// own do.
func (f *folder) namesCall() bool {
	return strings.Contains(f.shown.String(), "Error: ") && strings.Contains(f.shown.String(), "/api/v1/")
}

// settled says whether a plan finds nothing to do. A plan that fails does not, and
// with -detailed-exitcode one that finds something ends with 2.
func (f *folder) settled(ctx context.Context) (bool, error) {
	code, err := f.run(ctx, "plan", "-input=false", "-detailed-exitcode")
	return code == 0, err
}

func (f *folder) run(ctx context.Context, args ...string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	command := run.Command(ctx, f.cli, args...)
	fmt.Fprintf(&f.shown, "\n$ %s\n", strings.Join(args, " "))
	command.Dir, command.Env, command.Stdout, command.Stderr = f.dir, f.environ, &f.shown, &f.shown
	err := command.Run()
	if ctx.Err() != nil {
		run.Sweep(command)
		return 0, fmt.Errorf("%s: %w", args[0], ctx.Err())
	}
	if exit, failed := errors.AsType[*exec.ExitError](err); failed {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// traces counts what shouldn't be in what the run left behind.
func (f *folder) traces() (Damage, error) {
	texts := []string{f.shown.String()}
	for _, name := range []string{stateFile, logFile} {
		text, err := os.ReadFile(f.path(name))
		if err != nil {
			return Damage{}, err
		}
		texts = append(texts, string(text))
	}
	return traces(texts...), nil
}

// situation is what the sandbox holds and what the CLI knows of it.
func (f *folder) situation(s *sandbox.Server) (situation, error) {
	objects, err := truth(s)
	if err != nil {
		return situation{}, err
	}
	ids, err := inState(f.path(stateFile))
	return situation{objects, ids}, err
}
