package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// patience is how long one command of the CLI may take before the matrix gives up.
const patience = 5 * time.Minute

// environment is a folder with a platform of its own.
type environment struct {
	*cli.Folder
	platform *platform
	// logFile is where the CLI and the provider log, at the level TRACE.
	logFile string
	// shown is all that the CLI wrote.
	shown strings.Builder
}

// in does something in an environment of that path, which begins with what another
// folder holds, "" for nothing.
func (m *matrix) in(ctx context.Context, dir, from string, settings []string, do func(*environment) error) (err error) {
	if from != "" {
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			return err
		}
	}
	e := &environment{logFile: dir + ".log"}
	if e.Folder, err = cli.NewFolder(dir, m.testbed.CLI, "TMPDIR="+m.testbed.Dir, "TF_CLI_CONFIG_FILE="+m.testbed.Config, "TF_IN_AUTOMATION=1", "TF_LOG=TRACE", "TF_LOG_PATH="+e.logFile); err != nil {
		return err
	}
	if e.platform, err = newPlatform(ctx, e.Path("sandbox")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.platform.close()) }()
	e.Folder = e.WithEnv(append(program.Environ(e.platform.url()), settings...)...)
	if err := do(e); err != nil {
		return fmt.Errorf("%w\n%s", err, &e.shown)
	}
	return nil
}

// configure makes the folder hold a configuration.
func (e *environment) configure(c configuration) error {
	for name, text := range c {
		if err := e.Write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// converge applies, and says whether a plan then finds nothing to do: with
// -detailed-exitcode one that finds something ends with 2. between is called between
// the two.
func (e *environment) converge(ctx context.Context, between func() error) (code int, settled bool, err error) {
	code, err = e.run(ctx, "apply", "-auto-approve", "-input=false")
	if err = errors.Join(err, between()); err != nil || code != 0 {
		return code, false, err
	}
	planned, err := e.run(ctx, "plan", "-input=false", "-detailed-exitcode")
	return code, planned == 0, err
}

// mustApply applies what must work and leave nothing to do.
func (e *environment) mustApply(ctx context.Context) error {
	code, settled, err := e.converge(ctx, func() error { return nil })
	if err == nil && !settled {
		err = fmt.Errorf("apply ended with %d, or left something to do", code)
	}
	return err
}

func (e *environment) run(ctx context.Context, args ...string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	output, err := e.Run(ctx, args...)
	fmt.Fprintf(&e.shown, "\n$ %s\n%s", strings.Join(args, " "), output.Text())
	return output.ExitCode, errors.Join(err, ctx.Err())
}

// namesCall says whether an error was shown that names a call, as the provider's own
// errors do.
func (e *environment) namesCall() bool {
	return strings.Contains(e.shown.String(), "Error: ") && strings.Contains(e.shown.String(), "/api/v1/")
}

// leaks counts what shouldn't be in what the run left behind.
func (e *environment) leaks() (damage, error) {
	state, err := e.Read("terraform.tfstate")
	if err != nil {
		return damage{}, err
	}
	log, err := os.ReadFile(e.logFile)
	if err != nil {
		return damage{}, err
	}
	d := leaks(e.shown.String(), state, string(log))
	d.Secrets += int(e.platform.leaks.Load())
	return d, nil
}

// snapshot returns what the sandbox holds and what the CLI knows of it.
func (e *environment) snapshot(ctx context.Context) (snapshot, error) {
	objects, err := objectsOf(e.platform.Server)
	if err != nil {
		return snapshot{}, err
	}
	state, err := e.State(ctx)
	if err != nil {
		return snapshot{}, err
	}
	return snapshot{objects, cli.ManagedIDs(state)}, nil
}

// prepared is an operation up to the point where a fault can hit it.
type prepared struct {
	operation
	// dir holds what every run begins with: state and the sandbox's.
	dir string
	// expected is what is there after the operation without a fault.
	expected snapshot
	// number is that of the operation's call among the requests of a run, from 0.
	number int
}

// prepare applies what is there before an operation, and then once the operation
// itself, without a fault: that it works is the measure of all others.
func (m *matrix) prepare(ctx context.Context, op operation) (*prepared, error) {
	p := &prepared{operation: op, dir: filepath.Join(m.testbed.Dir, "before "+op.name)}
	var shared []int64
	err := m.in(ctx, p.dir, "", nil, func(e *environment) error {
		if err := errors.Join(e.configure(p.before), e.mustApply(ctx)); err != nil {
			return err
		}
		shared = addUnmanaged(e.platform.Server)
		// The state is to know what the platform holds by now.
		return e.mustApply(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op.name, err)
	}
	err = m.in(ctx, filepath.Join(m.testbed.Dir, "after "+op.name), p.dir, nil, func(e *environment) error {
		if err := errors.Join(e.configure(p.after), e.mustApply(ctx)); err != nil {
			return err
		}
		p.number = slices.IndexFunc(e.platform.Requests(), func(each sandbox.Request) bool { return each.Operation == p.call })
		if p.number < 0 {
			return fmt.Errorf("%s was not called", p.call)
		}
		if !keepsUnmanaged(e.platform.Server, shared) {
			return errors.New("what isn't managed is gone")
		}
		p.expected, err = e.snapshot(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s without a fault: %w", op.name, err)
	}
	return p, nil
}

// retention is a setting that the contract doesn't know.
const retention = "retentionDays"

// addUnmanaged makes each organization hold what the provider doesn't manage, as on a
// platform that others use too: settings known and unknown, and a file. It returns the
// organizations' ids.
func addUnmanaged(s *sandbox.Server) []int64 {
	var shared []int64
	for _, org := range s.Organizations() {
		shared = append(shared, org.ID)
		s.UpdateOrganization(org.ID, func(o *sandbox.Organization) {
			o.Settings[retention], o.Settings["maxTimePerTask"] = 90, 1234
			o.Extra = map[string]any{"region": "eu"}
			entries, _ := o.Settings["classMappingFiles"].([]any)
			for _, entry := range entries {
				if fields, ok := entry.(map[string]any); ok {
					fields["reviewedBy"] = "somebody"
				}
			}
		})
		if org.Name == "main" {
			s.AddFile(org.ID, sandbox.File{Name: "not-managed.csv", ContentType: "text/csv", Content: []byte(content)})
		}
	}
	s.AddOrganization(sandbox.Organization{Name: "not managed", Settings: map[string]any{retention: 30}})
	return shared
}

// keepsUnmanaged says whether the organizations that are still there hold what
// addUnmanaged gave them.
func keepsUnmanaged(s *sandbox.Server, shared []int64) bool {
	for _, id := range shared {
		org, ok := s.Organization(id)
		if ok && (fmt.Sprint(org.Settings[retention]) != "90" || fmt.Sprint(org.Settings["maxTimePerTask"]) != "1234" || org.Extra["region"] != "eu") {
			return false
		}
	}
	return true
}
