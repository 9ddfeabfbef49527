package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	// output is the output of the CLI.
	output strings.Builder
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
		return fmt.Errorf("%w\n%s", err, &e.output)
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

// mustApply applies a configuration.
func (e *environment) mustApply(ctx context.Context, c configuration) error {
	if err := e.configure(c); err != nil {
		return err
	}
	code, err := e.run(ctx, "apply", "-auto-approve", "-input=false")
	if err == nil && code != 0 {
		err = fmt.Errorf("apply ended with %d", code)
	}
	return err
}

func (e *environment) run(ctx context.Context, args ...string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	output, err := e.Run(ctx, args...)
	fmt.Fprintf(&e.output, "\n$ %s\n%s", strings.Join(args, " "), output.Text())
	return output.ExitCode, errors.Join(err, ctx.Err())
}

// showsCall reports whether the CLI showed an error with an API path, as all errors of the provider about calls have, or
// that the platform has another value. That is what wrong content in place of a download looks like.
func (e *environment) showsCall() bool {
	output := e.output.String()
	return strings.Contains(output, "Error: ") && (strings.Contains(output, "/api/v1/") || strings.Contains(output, "The platform did not accept a value"))
}

// describe describes the objects on the platform and in state.
func (e *environment) describe() ([]string, error) {
	content, err := e.Read(cli.StateFile)
	if err != nil {
		return nil, err
	}
	state, err := cli.ParseState(content)
	if err != nil {
		return nil, err
	}
	return describe(e.platform.Server, state.ManagedIDs())
}

// start is a configuration that is applied before changes, to a platform that also has objects of others.
type start struct {
	configuration configuration

	once sync.Once
	err  error
	// dir contains the state and the sandbox's data.
	dir string
}

func (s *start) prepare(ctx context.Context, m *matrix) error {
	s.once.Do(func() {
		s.dir = filepath.Join(m.testbed.Dir, fmt.Sprintf("start %p", s))
		s.err = m.withEnvironment(ctx, s.dir, "", nil, func(e *environment) error {
			if err := e.mustApply(ctx, s.configuration); err != nil {
				return err
			}
			addUnmanagedObjects(e.platform.Server)
			// Updates the state with the unmanaged settings.
			return e.mustApply(ctx, s.configuration)
		})
	})
	return s.err
}

// change is the application of a configuration, which operations disturb.
type change struct {
	before *start
	after  configuration

	once sync.Once
	err  error
	// expected is the description of the result without a fault.
	expected []string
	// calls are the operation ids of the requests.
	calls []string
}

// prepare applies the change once without a fault.
func (c *change) prepare(ctx context.Context, m *matrix) error {
	c.once.Do(func() {
		if c.err = c.before.prepare(ctx, m); c.err != nil {
			return
		}
		dir := filepath.Join(m.testbed.Dir, fmt.Sprintf("change %p", c))
		c.err = m.withEnvironment(ctx, dir, c.before.dir, nil, func(e *environment) (err error) {
			if err := e.mustApply(ctx, c.after); err != nil {
				return err
			}
			for _, request := range e.platform.Requests() {
				c.calls = append(c.calls, request.Operation)
			}
			c.expected, err = e.describe()
			return err
		})
	})
	return c.err
}

// unknownSetting is an undocumented setting.
const unknownSetting = "retentionDays"

// addUnmanagedObjects adds settings, entries and files that the provider doesn't manage, as on a platform with other
// users.
func addUnmanagedObjects(s *sandbox.Server) {
	for _, org := range s.Organizations() {
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
	other := s.AddOrganization(sandbox.Organization{Name: "not managed", Settings: map[string]any{unknownSetting: 30}})
	s.UpdateUser(sandbox.UserID, func(u *sandbox.User) {
		u.Organizations, u.Extra = append(u.Organizations, other.ID), map[string]any{"badge": "x"}
		u.Settings["theme"] = "dark"
	})
}
