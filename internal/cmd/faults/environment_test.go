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
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const commandTimeout = 5 * time.Minute

// environment is a folder with its own platform.
type environment struct {
	*cli.Folder
	platform *platform
	// logFile is the TRACE log of the CLI and the provider.
	logFile string
	// shown is the output of the CLI.
	shown strings.Builder
}

// withEnvironment calls do with a new environment. Its folder is a copy of from, if that isn't empty.
func (m *matrix) withEnvironment(ctx context.Context, dir, from string, settings []string, do func(*environment) error) (err error) {
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
	e.Folder = e.WithEnv(append(sandbox.Environ(e.platform.url()), settings...)...)
	if err := do(e); err != nil {
		return fmt.Errorf("%w\n%s", err, &e.shown)
	}
	return nil
}

// configure writes a configuration to the folder.
func (e *environment) configure(c configuration) error {
	for name, text := range c {
		if err := e.Write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// converge applies, calls between, and reports whether a plan then has no changes: otherwise, -detailed-exitcode makes
// it exit with 2.
func (e *environment) converge(ctx context.Context, between func() error) (code int, settled bool, err error) {
	code, err = e.run(ctx, "apply", "-auto-approve", "-input=false")
	if err = errors.Join(err, between()); err != nil || code != 0 {
		return code, false, err
	}
	planned, err := e.run(ctx, "plan", "-input=false", "-detailed-exitcode")
	return code, planned == 0, err
}

// mustApply applies and fails if there are changes left.
func (e *environment) mustApply(ctx context.Context) error {
	code, settled, err := e.converge(ctx, func() error { return nil })
	if err == nil && !settled {
		err = fmt.Errorf("apply ended with %d, or left something to do", code)
	}
	return err
}

func (e *environment) run(ctx context.Context, args ...string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	output, err := e.Run(ctx, args...)
	fmt.Fprintf(&e.shown, "\n$ %s\n%s", strings.Join(args, " "), output.Text())
	return output.ExitCode, errors.Join(err, ctx.Err())
}

// showsCall reports whether the CLI showed an error with an API path, as all errors of the provider have.
func (e *environment) showsCall() bool {
	return strings.Contains(e.shown.String(), "Error: ") && strings.Contains(e.shown.String(), "/api/v1/")
}

// leaks counts secrets and crashes in what the run left behind.
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

// snapshot returns the objects on the platform and in state.
func (e *environment) snapshot(ctx context.Context) (snapshot, error) {
	objects, err := listObjects(e.platform.Server)
	if err != nil {
		return snapshot{}, err
	}
	state, err := e.State(ctx)
	if err != nil {
		return snapshot{}, err
	}
	return snapshot{objects, cli.ManagedIDs(state)}, nil
}

// prepared is an operation with the state that its runs start from.
type prepared struct {
	operation
	// dir contains the state and the sandbox's data.
	dir string
	// expected is the result of the operation without a fault.
	expected snapshot
	// number is the index of the operation's call among the requests of a run.
	number int
}

// prepare applies the configuration before an operation, and runs the operation once without a fault, as the expected
// result.
func (m *matrix) prepare(ctx context.Context, op operation) (*prepared, error) {
	p := &prepared{operation: op, dir: filepath.Join(m.testbed.Dir, "before "+op.name)}
	var shared []int64
	err := m.withEnvironment(ctx, p.dir, "", nil, func(e *environment) error {
		if err := errors.Join(e.configure(p.before), e.mustApply(ctx)); err != nil {
			return err
		}
		shared = addUnmanagedObjects(e.platform.Server)
		// Updates the state with the unmanaged settings.
		return e.mustApply(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op.name, err)
	}
	err = m.withEnvironment(ctx, filepath.Join(m.testbed.Dir, "after "+op.name), p.dir, nil, func(e *environment) error {
		if err := errors.Join(e.configure(p.after), e.mustApply(ctx)); err != nil {
			return err
		}
		p.number = slices.IndexFunc(e.platform.Requests(), func(each sandbox.Request) bool { return each.Operation == p.call })
		if p.number < 0 {
			return fmt.Errorf("%s was not called", p.call)
		}
		if !hasUnmanagedSettings(e.platform.Server, shared) {
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

// unknownSetting is an undocumented setting.
const unknownSetting = "retentionDays"

// addUnmanagedObjects adds settings, entries and files that the provider doesn't manage, as on a platform with other
// users. It returns the ids of the changed organizations.
func addUnmanagedObjects(s *sandbox.Server) []int64 {
	var shared []int64
	for _, org := range s.Organizations() {
		shared = append(shared, org.ID)
		s.UpdateOrganization(org.ID, func(o *sandbox.Organization) {
			o.Settings[unknownSetting], o.Settings["maxTimePerTask"] = 90, 1234
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
	s.AddOrganization(sandbox.Organization{Name: "not managed", Settings: map[string]any{unknownSetting: 30}})
	return shared
}

// hasUnmanagedSettings reports whether all existing organizations have the settings from addUnmanagedObjects.
func hasUnmanagedSettings(s *sandbox.Server, shared []int64) bool {
	for _, id := range shared {
		org, ok := s.Organization(id)
		if ok && (fmt.Sprint(org.Settings[unknownSetting]) != "90" || fmt.Sprint(org.Settings["maxTimePerTask"]) != "1234" || org.Extra["region"] != "eu") {
			return false
		}
	}
	return true
}
