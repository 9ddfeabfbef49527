package matrix

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// prepared is an operation up to the point where a fault can hit it.
type prepared struct {
	Operation
	// dir holds what every run begins with: state and the sandbox's.
	dir string
	// should is what is there after the operation without a fault.
	should situation
	// number is that of the operation's call among the requests of a run, from 0.
	number int
	// shared are the ids of the organizations that others use too.
	shared []int64
}

// prepare applies what is there before an operation, and then once the operation
// itself, without a fault: that it works is the measure of all others.
func (m *Matrix) prepare(ctx context.Context, op Operation) (*prepared, error) {
	p := &prepared{Operation: op, dir: filepath.Join(m.dir, "before "+op.Name)}
	if err := m.applyBefore(ctx, p); err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	if err := m.applyWithoutFault(ctx, p); err != nil {
		return nil, fmt.Errorf("%s without a fault: %w", op.Name, err)
	}
	return p, nil
}

func (m *Matrix) applyBefore(ctx context.Context, p *prepared) error {
	r, err := m.enter(ctx, p.dir, "")
	if err != nil {
		return err
	}
	if err = r.folder.write(p.before); err == nil {
		err = r.mustApply(ctx)
	}
	if err == nil {
		p.shared = useOtherwise(r.platform.Server)
		// The state is to know what the platform holds by now.
		err = r.mustApply(ctx)
	}
	return errors.Join(err, r.leave())
}

func (m *Matrix) applyWithoutFault(ctx context.Context, p *prepared) error {
	r, err := m.enter(ctx, filepath.Join(m.dir, "after "+p.Name), p.dir)
	if err != nil {
		return err
	}
	if err = r.folder.write(p.after); err == nil {
		err = r.mustApply(ctx)
	}
	if err == nil {
		p.number = slices.IndexFunc(r.platform.Requests(), func(each sandbox.Request) bool { return each.Operation == p.call })
		p.should, err = r.folder.situation(r.platform.Server)
	}
	switch {
	case err == nil && p.number < 0:
		err = fmt.Errorf("%s was not called", p.call)
	case err == nil && !keepsOtherwise(r.platform.Server, p.shared):
		err = errors.New("what isn't managed is gone")
	}
	return errors.Join(err, r.leave())
}

// retention is a setting that the contract doesn't know.
const retention = "retentionDays"

// useOtherwise makes each organization hold what the provider doesn't manage, as
// on a platform that others use too: settings known and unknown, and a file. It
// returns their ids.
func useOtherwise(s *sandbox.Server) []int64 {
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

// keepsOtherwise says whether the organizations that are still there hold what
// useOtherwise gave them.
func keepsOtherwise(s *sandbox.Server, shared []int64) bool {
	for _, id := range shared {
		org, ok := s.Organization(id)
		if ok && (fmt.Sprint(org.Settings[retention]) != "90" || fmt.Sprint(org.Settings["maxTimePerTask"]) != "1234" || org.Extra["region"] != "eu") {
			return false
		}
	}
	return true
}

// ground is a folder with a platform of its own.
type ground struct {
	folder   *folder
	platform *platform
}

// enter makes a ground that begins with what another folder left, "" for nothing.
func (m *Matrix) enter(ctx context.Context, dir, from string, settings ...string) (*ground, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if from != "" {
		state, err := os.ReadFile(filepath.Join(from, stateFile)) //nolint:gosec // The path is the matrix's own.
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, stateFile), state, 0o600); err != nil { //nolint:gosec // As above.
			return nil, err
		}
		if err := os.CopyFS(filepath.Join(dir, sandboxDir), os.DirFS(filepath.Join(from, sandboxDir))); err != nil {
			return nil, err
		}
	}
	p, err := newPlatform(ctx, filepath.Join(dir, sandboxDir))
	if err != nil {
		return nil, err
	}
	return &ground{newFolder(dir, m.programs, p.url(), settings...), p}, nil
}

func (g *ground) leave() error { return g.platform.close() }

// mustApply applies what must work and leave nothing to do.
func (g *ground) mustApply(ctx context.Context) error {
	code, settled, err := g.folder.converge(ctx, func() error { return nil })
	if err == nil && !settled {
		err = fmt.Errorf("apply ended with %d:\n%s", code, &g.folder.shown)
	}
	return err
}
