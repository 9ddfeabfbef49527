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

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// onTheWire is how long before a kill a response may have been written that the CLI
// hadn't put in state by then: it has to pass the provider and the CLI.
const onTheWire = time.Second

const (
	planFile  = "tfplan"
	stateFile = "terraform.tfstate"
)

// measurement kills applies at random moments, the provider's process and the CLI's by
// turns, and compares what is on the platform with the configuration after one more
// apply.
type measurement struct {
	rounds        int
	organizations int
	seed          uint64
	latency       time.Duration

	testbed *program.Testbed
	random  *rand.Rand
	// span is how long an apply takes that nobody kills.
	span time.Duration
}

// victim is the process that is killed.
type victim string

const (
	provider victim = "provider"
	theCLI   victim = "CLI"
)

// round is what came of one killed apply.
type round struct {
	victim victim
	after  time.Duration
	// created counts what was created before everything had ended.
	created int
	// orphans are those that aren't in state, and lag is how long before the kill the
	// first of them had its response, 0 where all came later.
	orphans map[string]bool
	lag     time.Duration
	// truncated says that the state was lost too: the CLI was writing it.
	truncated bool
	// problems are what mustn't be; there are none.
	problems []string
}

func (r *round) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// run writes each round to out, and returns the sums.
func (m *measurement) run(ctx context.Context, testbed *program.Testbed, out io.Writer) (sums string, err error) {
	m.testbed, m.random = testbed, rand.New(rand.NewPCG(m.seed, m.seed)) //nolint:gosec // The moments are no secret.
	if err := m.measureSpan(ctx); err != nil {
		return "", err
	}
	report := newReport(out, m)
	for report.rounds < m.rounds {
		r := round{victim: provider, after: time.Duration(m.random.Float64() * float64(m.span))}
		if report.rounds%2 == 1 {
			r.victim = theCLI
		}
		err = m.planned(ctx, func(p *platform, f *cli.Folder) error { return r.play(ctx, m, p, f) })
		if errors.Is(err, errTooLate) {
			continue
		}
		if err != nil {
			return "", err
		}
		report.add(r)
	}
	return report.end(2 * m.organizations)
}

// errTooLate says that an apply had ended before it could be killed.
var errTooLate = errors.New("there was nothing to kill any more")

// measureSpan applies once without a kill.
func (m *measurement) measureSpan(ctx context.Context) error {
	return m.planned(ctx, func(p *platform, f *cli.Folder) error {
		output, err := f.RequireSuccess(ctx, "apply", planFile)
		m.span = output.Took
		if got := len(p.objects()); err == nil && got != 2*m.organizations {
			err = fmt.Errorf("an apply that nobody killed created %d objects", got)
		}
		return err
	})
}

// planned does something in a folder with a plan for an empty platform.
func (m *measurement) planned(ctx context.Context, do func(*platform, *cli.Folder) error) (err error) {
	p, err := newPlatform(m.latency)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	f, err := m.testbed.Folder(append(program.Environ(p.URL), "TF_IN_AUTOMATION=1", fmt.Sprintf("TF_VAR_organizations=%d", m.organizations))...)
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

// play kills an apply, and compares.
func (r *round) play(ctx context.Context, m *measurement, p *platform, f *cli.Folder) error {
	killed, err := r.applyAndKill(ctx, m, f)
	if err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	if err := r.findOrphans(ctx, p, f, killed); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	return r.compare(ctx, p, f, 2*m.organizations)
}

// applyAndKill returns when it killed. The CLI attaches to a provider that is started
// here, so that it is known which process to kill.
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

// findOrphans compares what the platform created with what the CLI knew in the end.
func (r *round) findOrphans(ctx context.Context, p *platform, f *cli.Folder, killed time.Time) error {
	content, err := f.Read(stateFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Terraform and OpenTofu empty the file and then write all of it.
	truncated := err == nil && !json.Valid([]byte(content))
	managed := map[string]bool{}
	if truncated {
		err = os.Remove(f.Path(stateFile))
	} else {
		managed, _, err = inState(ctx, f)
	}
	if err != nil {
		return err
	}
	r.orphans = map[string]bool{}
	for _, created := range p.creations() {
		r.created++
		if !managed[created.id] {
			r.orphans[created.id] = true
			r.lag = max(r.lag, killed.Sub(created.responded))
		}
	}
	// A CLI makes an empty file before it creates anything.
	r.truncated = truncated && r.created > 0
	if r.lag > onTheWire && !r.truncated {
		r.problem("an object isn't in state of which the CLI knew %s before the kill", r.lag)
	}
	return nil
}

// compare looks at what there is after one more apply. A further one must change
// nothing, and finds the orphans.
func (r *round) compare(ctx context.Context, p *platform, f *cli.Folder, want int) error {
	writes := p.writes()
	if err := f.Write("orphans.tf", orphansConfiguration); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	managed, found, err := inState(ctx, f)
	if err != nil {
		return err
	}
	r.judge(p.writes()-writes, managed, p.objects(), found, want)
	return nil
}

// judge finds the problems: writes of an apply that must change nothing, what is managed
// and what is on the platform, and what was found as orphans.
func (r *round) judge(writes int, managed, surplus, found map[string]bool, want int) {
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
		r.problem("surplus: %v, on the wire: %v", names(surplus), names(r.orphans))
	}
	if !maps.Equal(found, r.orphans) {
		r.problem("found as orphans: %v, on the wire: %v", names(found), names(r.orphans))
	}
}

func names(ids map[string]bool) []string { return slices.Sorted(maps.Keys(ids)) }

// inState returns the import ids of what is managed, and of what orphans.tf found.
func inState(ctx context.Context, f *cli.Folder) (managed, found map[string]bool, err error) {
	state, err := f.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	managed, found = set(cli.ManagedIDs(state)), map[string]bool{}
	if state.Values != nil {
		found = orphansIn(state.Values.Outputs["orphans"])
	}
	return managed, found, nil
}

// orphansIn reads the output of orphans.tf: lists of ids by kind of object.
func orphansIn(output *tfjson.StateOutput) map[string]bool {
	var ids []string
	if output != nil {
		kinds, _ := output.Value.(map[string]any)
		for _, kind := range kinds {
			list, _ := kind.([]any)
			for _, id := range list {
				ids = append(ids, fmt.Sprint(id))
			}
		}
	}
	return set(ids)
}

func set(ids []string) map[string]bool {
	s := map[string]bool{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}
