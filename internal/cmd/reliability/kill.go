package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

const (
	// defaultLatency makes creates take the greater part of an apply.
	defaultLatency = 50 * time.Millisecond
	// onTheWire is how long before a kill an answer may have been given that the CLI
	// hadn't put in state by then: it has to pass the provider and the CLI.
	onTheWire = time.Second
)

// killing kills applies at random moments, the provider's process and the CLI's by
// turns, and compares what is on the platform with the configuration after one more
// apply.
type killing struct {
	out           io.Writer
	rounds        int
	organizations int
	seed          uint64
	latency       time.Duration

	workspace *workspace
	random    *rand.Rand
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
	// made counts what was created before everything had ended.
	made int
	// orphans are those that aren't in state, and lag is how long before the kill the
	// first of them was answered, 0 where all were answered later.
	orphans map[string]bool
	lag     time.Duration
	// cutOff says that the state was lost too: the CLI was writing it.
	cutOff bool
	// problems are what mustn't be; there are none.
	problems []string
}

func (k *killing) run(ctx context.Context, w *workspace) error {
	k.workspace, k.random = w, rand.New(rand.NewPCG(k.seed, k.seed)) //nolint:gosec // The moments are to be the same with the same seed.
	if err := k.measure(ctx); err != nil {
		return err
	}
	fmt.Fprintf(k.out, "%d applies of %d organizations with a file each, killed at random moments of %.1f s (-seed %d).\n\n",
		k.rounds, k.organizations, k.span.Seconds(), k.seed)
	fmt.Fprintf(k.out, "| killed | after | created by then | not in state | remarks |\n|---|--:|--:|--:|---|\n")
	var rounds []round
	for len(rounds) < k.rounds {
		victim := provider
		if len(rounds)%2 == 1 {
			victim = theCLI
		}
		r, err := k.round(ctx, victim)
		if errors.Is(err, errTooLate) {
			continue
		}
		if err != nil {
			return err
		}
		rounds = append(rounds, r)
		fmt.Fprintf(k.out, "| %s | %.2f s | %d | %d | %s |\n", r.victim, r.after.Seconds(), r.made, len(r.orphans), r.remarks())
	}
	return k.report(rounds)
}

func (r *round) remarks() string {
	remarks := r.problems
	if r.cutOff {
		remarks = append([]string{errCutOff.Error()}, remarks...)
	}
	return strings.Join(remarks, "; ")
}

// sums are what came of all rounds with one victim.
type sums struct {
	rounds, orphans, withOrphans, cutOff, lost, problems int
	lag                                                  time.Duration
}

func (s *sums) add(r round) {
	s.rounds++
	s.problems += len(r.problems)
	if r.cutOff {
		s.cutOff++
		s.lost += len(r.orphans)
		return
	}
	s.orphans += len(r.orphans)
	s.withOrphans += min(1, len(r.orphans))
	s.lag = max(s.lag, r.lag)
}

// report prints the sums, and fails where there was a problem.
func (k *killing) report(rounds []round) error {
	fmt.Fprintf(k.out, "\n| killed | applies | creates on the wire at the kill | in how many applies | longest from answer to kill | state files cut off | objects in these | problems |\n"+
		"|---|--:|--:|--:|--:|--:|--:|--:|\n")
	problems := 0
	for _, v := range []victim{provider, theCLI} {
		var all sums
		for _, r := range rounds {
			if r.victim == v {
				all.add(r)
			}
		}
		problems += all.problems
		fmt.Fprintf(k.out, "| %s | %d | %d | %d | %d ms | %d | %d | %d |\n", v, all.rounds, all.orphans, all.withOrphans,
			all.lag.Milliseconds(), all.cutOff, all.lost, all.problems)
	}
	if problems > 0 {
		return fmt.Errorf("there are %d problems", problems)
	}
	fmt.Fprintf(k.out, "\nAfter one more apply each configuration had exactly its %d objects. What else there was are the creates on the\n"+
		"wire at the kill, and what a state file held that was cut off; orphans.tf listed exactly those.\n", 2*k.organizations)
	return nil
}

// errTooLate says that an apply had ended before it could be killed.
var errTooLate = errors.New("there was nothing to kill any more")

// measure applies once without a kill.
func (k *killing) measure(ctx context.Context) error {
	p, f, err := k.start(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	err = f.terraform(ctx, "apply", planFile)
	k.span = time.Since(began)
	if got := len(p.objects()); err == nil && got != 2*k.organizations {
		err = fmt.Errorf("an apply that nobody killed made %d objects", got)
	}
	return errors.Join(err, p.close(), f.remove())
}

const planFile = "tfplan"

// start plans on a platform that is empty.
func (k *killing) start(ctx context.Context) (*platform, *folder, error) {
	p, err := newPlatform(ctx, k.latency)
	if err != nil {
		return nil, nil, err
	}
	f, err := k.workspace.folder(p, k.organizations)
	if err == nil {
		err = f.terraform(ctx, "plan", "-out="+planFile)
	}
	if err != nil {
		return nil, nil, errors.Join(err, p.close())
	}
	return p, f, nil
}

func (k *killing) round(ctx context.Context, v victim) (r round, err error) {
	p, f, err := k.start(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.close(), f.remove()) }()
	r = round{victim: v, after: time.Duration(k.random.Float64() * float64(k.span))}
	killed, err := applyAndKill(ctx, f, r.victim, r.after)
	if err != nil {
		return r, err
	}
	if err := p.settle(ctx); err != nil {
		return r, err
	}
	if err := r.findOrphans(p, f, killed); err != nil {
		return r, err
	}
	if err := f.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return r, err
	}
	err = r.compare(ctx, p, f, 2*k.organizations)
	return r, err
}

// applyAndKill returns when it killed.
func applyAndKill(ctx context.Context, f *folder, v victim, after time.Duration) (killed time.Time, err error) {
	command := f.command(ctx, io.Discard, "apply", planFile)
	if err := command.Start(); err != nil {
		return killed, err
	}
	ended := make(chan struct{})
	go func() {
		// It ends as it can: it is killed, or its provider.
		_ = command.Wait()
		close(ended)
	}()
	killed, err = killAfter(ctx, command, v, after, ended)
	<-ended
	// The provider of a killed CLI may still be there.
	run.Sweep(command)
	return killed, err
}

func killAfter(ctx context.Context, command *exec.Cmd, v victim, after time.Duration, ended <-chan struct{}) (time.Time, error) {
	wait := time.After(after)
	for {
		select {
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		case <-ended:
			return time.Time{}, errTooLate
		case <-wait:
		}
		target := command.Process
		if v == provider {
			found := providers(command.Process.Pid)
			if len(found) == 0 {
				// The CLI is about to start one, or to end.
				wait = time.After(time.Millisecond)
				continue
			}
			var err error
			if target, err = os.FindProcess(found[0].pid); err != nil {
				return time.Time{}, err
			}
		}
		err := target.Kill()
		if errors.Is(err, os.ErrProcessDone) {
			err = errTooLate
		}
		return time.Now(), err
	}
}

// findOrphans compares what the platform made with what the CLI knew in the end.
func (r *round) findOrphans(p *platform, f *folder, killed time.Time) error {
	known, err := f.state()
	if errors.Is(err, errCutOff) {
		r.cutOff, known = true, &state{}
		err = os.Remove(filepath.Join(f.dir, stateFile))
	}
	if err != nil {
		return err
	}
	managed := known.managed()
	r.orphans = map[string]bool{}
	for _, created := range p.creations() {
		r.made++
		if managed[created.id] {
			continue
		}
		r.orphans[created.id] = true
		r.lag = max(r.lag, killed.Sub(created.answered))
	}
	// A CLI makes an empty file before it creates anything.
	r.cutOff = r.cutOff && r.made > 0
	if r.lag > onTheWire && !r.cutOff {
		r.problems = append(r.problems, fmt.Sprintf("an object isn't in state that the CLI was told of %s before the kill", r.lag))
	}
	return nil
}

// compare looks at what there is after one more apply. A further one must change
// nothing, and finds the orphans.
func (r *round) compare(ctx context.Context, p *platform, f *folder, want int) error {
	writes := p.writes()
	if err := f.write("orphans.tf", orphansConfiguration); err != nil {
		return err
	}
	if err := f.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	if now := p.writes(); now != writes {
		r.problems = append(r.problems, fmt.Sprintf("a further apply made %d changes", now-writes))
	}
	known, err := f.state()
	if err != nil {
		return err
	}
	managed, surplus := known.managed(), p.objects()
	if len(managed) != want {
		r.problems = append(r.problems, fmt.Sprintf("%d objects are managed", len(managed)))
	}
	for id := range managed {
		if !surplus[id] {
			r.problems = append(r.problems, "not on the platform: "+id)
		}
		delete(surplus, id)
	}
	if !maps.Equal(surplus, r.orphans) {
		r.problems = append(r.problems, fmt.Sprintf("surplus: %v, on the wire: %v", names(surplus), names(r.orphans)))
	}
	if found := known.orphans(); !maps.Equal(found, r.orphans) {
		r.problems = append(r.problems, fmt.Sprintf("found as orphans: %v, on the wire: %v", names(found), names(r.orphans)))
	}
	return nil
}

func names(ids map[string]bool) []string { return slices.Sorted(maps.Keys(ids)) }
