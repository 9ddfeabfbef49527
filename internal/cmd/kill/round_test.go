//go:build slow

package kill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// maxInFlight is how long before a kill a response may have been written that the CLI had not yet saved.
const maxInFlight = time.Second

const planFile = "tfplan"

// objectsPerOrganization are the organization, its file and its member.
const objectsPerOrganization = 3

// measurement kills applies at random moments, alternating between the provider and the CLI. After another apply, it
// compares the platform with the configuration.
type measurement struct {
	rounds        int
	organizations int
	seed          uint64
	latency       time.Duration

	testbed *cli.Testbed
	random  *rand.Rand
	// span is the duration of an uninterrupted apply.
	span time.Duration
}

type victim string

const (
	provider   victim = "provider"
	cliProcess victim = "CLI"
)

// round is the result of one killed apply.
type round struct {
	victim victim
	after  time.Duration
	// created is the number of created objects.
	created int
	// orphans are the created objects that aren't in state. timeInFlight is the longest time from a response to the
	// kill, or 0.
	orphans      map[string]bool
	timeInFlight time.Duration
	// truncated means that the CLI was killed while writing the state, which is lost.
	truncated bool
	// problems are violations of what the test guarantees.
	problems []string
}

func (r *round) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// run writes each round to out, and returns the totals.
func (m *measurement) run(ctx context.Context, testbed *cli.Testbed, out io.Writer) (table string, err error) {
	m.testbed, m.random = testbed, rand.New(rand.NewPCG(m.seed, m.seed)) //nolint:gosec // Not used for security.
	if err := m.measureDuration(ctx); err != nil {
		return "", err
	}
	fmt.Fprintf(out, "%d applies of %d organizations with a file each, killed at random moments of %.1f s (-seed %d).\n",
		m.rounds, m.organizations, m.span.Seconds(), m.seed)
	results := map[victim]*totals{provider: {}, cliProcess: {}}
	for done := 0; done < m.rounds; {
		r := round{victim: provider, after: time.Duration(m.random.Float64() * float64(m.span))}
		if done%2 == 1 {
			r.victim = cliProcess
		}
		err = m.withPlan(ctx, func(p *platform, f *cli.Folder) error { return r.play(ctx, m, p, f) })
		if errors.Is(err, errTooLate) {
			continue
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(out, "%s killed after %.2f s: %d objects created, %d of them not in state; state truncated: %t; problems: %q\n",
			r.victim, r.after.Seconds(), r.created, len(r.orphans), r.truncated, r.problems)
		results[r.victim].add(r)
		done++
	}
	return report(results, objectsPerOrganization*m.organizations)
}

// errTooLate means that the apply ended before it could be killed.
var errTooLate = errors.New("there was nothing to kill any more")

// measureDuration applies once without a kill.
func (m *measurement) measureDuration(ctx context.Context) error {
	return m.withPlan(ctx, func(p *platform, f *cli.Folder) error {
		output, err := f.RequireSuccess(ctx, "apply", planFile)
		m.span = output.Took
		if got := len(p.objects()); err == nil && got != objectsPerOrganization*m.organizations {
			err = fmt.Errorf("an apply that nobody killed created %d objects", got)
		}
		return err
	})
}

// withPlan calls do with a folder that has a plan for an empty platform.
func (m *measurement) withPlan(ctx context.Context, do func(*platform, *cli.Folder) error) (err error) {
	p, err := newPlatform(m.latency)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	f, err := m.testbed.Folder(append(p.Environ(), "TF_IN_AUTOMATION=1", fmt.Sprintf("TF_VAR_organizations=%d", m.organizations))...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(f.Dir)) }()
	if err := f.Write("main.tf", configuration); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "plan", "-out="+planFile); err != nil {
		return err
	}
	return do(p, f)
}

// play kills an apply, applies again, and compares the result.
func (r *round) play(ctx context.Context, m *measurement, p *platform, f *cli.Folder) error {
	killed, err := r.applyAndKill(ctx, m, f)
	if err != nil {
		return err
	}
	if err := p.waitForConnections(ctx); err != nil {
		return err
	}
	if err := r.findOrphans(p, f, killed); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	return r.compare(ctx, p, f, objectsPerOrganization*m.organizations)
}

// applyAndKill returns the time of the kill. The CLI attaches to a provider that is started here, so both processes are
// known.
func (r *round) applyAndKill(ctx context.Context, m *measurement, f *cli.Folder) (time.Time, error) {
	served, err := f.StartProvider(ctx, m.testbed.Provider)
	if err != nil {
		return time.Time{}, err
	}
	defer served.Stop()
	apply, err := cli.Start(f.WithEnv(served.Reattach).Command(ctx, "apply", planFile))
	if err != nil {
		return time.Time{}, err
	}
	defer apply.KillGroup()
	select {
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	case <-apply.Done:
		return time.Time{}, errTooLate
	case <-time.After(r.after):
	}
	victim := apply
	if r.victim == provider {
		victim = served.Process
	}
	err = victim.Signal(os.Kill)
	killed := time.Now()
	if errors.Is(err, os.ErrProcessDone) {
		err = errTooLate
	}
	apply.Wait()
	return killed, err
}

// findOrphans compares the created objects with the state.
func (r *round) findOrphans(p *platform, f *cli.Folder, killed time.Time) error {
	content, err := f.Read(cli.StateFile)
	missing := errors.Is(err, fs.ErrNotExist)
	// Both CLIs truncate the file before they write it.
	truncated := err == nil && !json.Valid([]byte(content))
	managed := map[string]bool{}
	switch {
	case missing:
		err = nil
	case truncated:
		err = os.Remove(f.Path(cli.StateFile))
	case err == nil:
		managed, _, err = managedAndOrphans(content)
	}
	if err != nil {
		return err
	}
	r.orphans = map[string]bool{}
	for _, created := range p.createdObjects() {
		r.created++
		if !managed[created.id] {
			r.orphans[created.id] = true
			r.timeInFlight = max(r.timeInFlight, killed.Sub(created.responded))
		}
	}
	// A CLI creates an empty file before it creates any object.
	r.truncated = truncated && r.created > 0
	if r.timeInFlight > maxInFlight && !r.truncated {
		r.problem("an object isn't in state %s after its response", r.timeInFlight)
	}
	return nil
}

// compare checks the result. A further apply must change nothing, and lists the orphans.
func (r *round) compare(ctx context.Context, p *platform, f *cli.Folder, want int) error {
	writes := p.writes()
	if err := f.Write("orphans.tf", orphansConfiguration); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	content, err := f.Read(cli.StateFile)
	if err != nil {
		return err
	}
	managed, orphans, err := managedAndOrphans(content)
	if err != nil {
		return err
	}
	r.findProblems(p.writes()-writes, managed, p.objects(), orphans, want)
	return nil
}

// findProblems compares the managed objects with all objects on the platform, and the orphans with those that orphans.tf
// listed.
func (r *round) findProblems(writes int, managed, surplus, orphans map[string]bool, want int) {
	if writes != 0 {
		r.problem("a further apply made %d changes", writes)
	}
	if len(managed) != want {
		r.problem("%d objects are managed", len(managed))
	}
	for id := range managed {
		if !surplus[id] {
			r.problem("not on the platform: %s", id)
		}
		delete(surplus, id)
	}
	if !maps.Equal(surplus, r.orphans) {
		r.problem("surplus: %v, in flight: %v", names(surplus), names(r.orphans))
	}
	if !maps.Equal(orphans, r.orphans) {
		r.problem("listed as orphans: %v, in flight: %v", names(orphans), names(r.orphans))
	}
}

func names(ids map[string]bool) []string { return slices.Sorted(maps.Keys(ids)) }

// managedAndOrphans returns the import ids in a state, and those that orphans.tf listed.
func managedAndOrphans(content string) (managed, orphans map[string]bool, err error) {
	state, err := cli.ParseState(content)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	// The output of orphans.tf has lists of ids by type of object.
	kinds, _ := state.Outputs["orphans"].Value.(map[string]any)
	for _, kind := range kinds {
		list, _ := kind.([]any)
		for _, id := range list {
			ids = append(ids, fmt.Sprint(id))
		}
	}
	return toSet(state.ManagedIDs()), toSet(ids), nil
}

func toSet(ids []string) map[string]bool {
	s := map[string]bool{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}
