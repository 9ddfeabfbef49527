package faults

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// mode says how long a fault lasts.
type mode string

// The modes.
const (
	// once makes one call go wrong.
	once mode = "once"
	// lasting makes every call of the operation go wrong until the CLI has ended.
	lasting mode = "lasting"
)

// verdict says how a run got over a fault.
type verdict string

// The verdicts.
const (
	// atOnce is an apply that did its work, with nothing left to do.
	atOnce verdict = "at once"
	// nextApply is an apply that failed with a clean error or left something to do,
	// and another that did it once the fault was over.
	nextApply verdict = "next apply"
	// cleanError is nextApply where the fault lasted as long as the first apply.
	cleanError verdict = "clean error"
	// broken is all else: no error that says what failed, or no second apply that helps.
	broken verdict = "BROKEN"
	// notHit is a run that never met the fault, and so says nothing.
	notHit verdict = "NOT HIT"
)

// result is what came of one cell.
type result struct {
	operation, fault string
	mode             mode
	verdict          verdict
	// required says that nothing but atOnce will do.
	required bool
	damage
}

// good says that nothing was broken and that a run got over the fault as it must.
func (r result) good() bool {
	if r.required {
		return r.damage == damage{} && r.verdict == atOnce
	}
	return r.damage == damage{} && r.verdict != broken && r.verdict != notHit
}

// lastingRetries is how often the provider tries again where that can't help.
const lastingRetries = "1"

// errNotHit is the error of a fault that hit nothing: the cell says nothing then.
var errNotHit = errors.New("the fault hit nothing")

// cell is one field of the matrix.
type cell struct {
	op    *prepared
	fault fault
	mode  mode
}

// run runs a cell: an apply with the fault, another without it where that is needed, and a plan, which must find
// nothing to do.
func (c cell) run(ctx context.Context, t *testing.T, m *matrix) result {
	t.Helper()
	r := result{operation: c.op.name, fault: c.fault.name, mode: c.mode, required: c.mode == once && c.fault.mustPass(c.op.operation)}
	err := m.in(ctx, filepath.Join(t.TempDir(), "folder"), c.op.dir, c.settings(), func(e *environment) (err error) {
		if err := e.configure(c.op.after); err != nil {
			return err
		}
		if r.verdict, err = c.play(ctx, e); errors.Is(err, errNotHit) {
			r.verdict, err = notHit, nil
		} else if err == nil {
			r.damage, err = c.damage(ctx, e)
		}
		if !r.good() {
			t.Errorf("%s, %+v\n%s", r.verdict, r.damage, &e.shown)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c cell) settings() []string {
	var settings []string
	if c.mode == lasting {
		settings = append(settings, "GUARDAI_MAX_RETRIES="+lastingRetries)
	}
	if c.fault.make != nil && c.fault.make().Kind == sandbox.FaultSlow {
		settings = append(settings, "GUARDAI_REQUEST_TIMEOUT="+timeout)
	}
	return settings
}

func (c cell) play(ctx context.Context, e *environment) (verdict, error) {
	code, settled, err := e.converge(ctx, c.begin(ctx, e))
	if err != nil {
		return "", err
	}
	if settled {
		return atOnce, nil
	}
	clean := code == 0 || e.namesCall()
	_, settled, err = e.converge(ctx, func() error { return nil })
	switch {
	case err != nil:
		return "", err
	case !settled || !clean:
		return broken, nil
	case c.mode == lasting && code != 0:
		return cleanError, nil
	}
	return nextApply, nil
}

func (c cell) damage(ctx context.Context, e *environment) (damage, error) {
	now, err := e.snapshot(ctx)
	if err != nil {
		return damage{}, err
	}
	d, err := e.leaks()
	return d.plus(now.compare(c.op.expected)), err
}

// begin lets the fault happen from now on. over ends it, and says whether it hit.
func (c cell) begin(ctx context.Context, e *environment) (over func() error) {
	switch c.fault.how {
	case refuse:
		return c.refuse(ctx, e)
	case revoke:
		return c.revoke(e)
	case redirect:
		return c.inject(e, sandbox.Fault{Kind: sandbox.FaultRedirect, Location: e.platform.other.URL + "/api/v1/login"})
	}
	return c.inject(e, c.fault.make())
}

func (c cell) inject(e *environment, fault sandbox.Fault) func() error {
	fault.Operation = c.op.call
	if c.mode == lasting {
		fault.Times = -1
	}
	e.platform.Inject(fault)
	return func() error {
		e.platform.ClearFaults()
		for _, request := range e.platform.Requests() {
			if request.Fault != "" {
				return nil
			}
		}
		return errNotHit
	}
}

// revoke makes tokens invalid right before the call, or before each.
func (c cell) revoke(e *environment) func() error {
	var hit atomic.Bool
	e.platform.at(func(number int, carryOut func()) {
		if number == c.op.number || c.mode == lasting && number > c.op.number {
			hit.Store(true)
			e.platform.RevokeTokens()
		}
		carryOut()
	})
	return func() error {
		e.platform.at(pass)
		if !hit.Load() {
			return errNotHit
		}
		return nil
	}
}

// refused is what the provider's log says of a connection that couldn't be made.
var refused = []byte("refused")

// watching is how often the log is read.
const watching = 20 * time.Millisecond

// refuse stops listening from the request before the call on. It listens again
// once the provider has noticed, or once the CLI has ended.
func (c cell) refuse(ctx context.Context, e *environment) func() error {
	if c.op.number == 0 {
		e.platform.refuse()
	}
	e.platform.at(func(number int, carryOut func()) {
		if number == c.op.number-1 {
			e.platform.refuse()
		}
		carryOut()
	})
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c.mode == once {
			c.listenOnceNoticed(ctx, e)
		}
	}()
	return func() error {
		cancel()
		<-done
		e.platform.at(pass)
		if err := e.platform.listen(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		if !e.noticed() {
			return errNotHit
		}
		return nil
	}
}

func (c cell) listenOnceNoticed(ctx context.Context, e *environment) {
	for !e.noticed() {
		select {
		case <-time.After(watching):
		case <-ctx.Done():
			return
		}
	}
	// Where it fails, the cell ends with the error of over's attempt.
	_ = e.platform.listen(ctx)
}

// noticed says whether the provider met a refused connection. There is no log yet
// where the CLI has just begun.
func (e *environment) noticed() bool {
	log, err := os.ReadFile(e.logFile)
	return err == nil && bytes.Contains(log, refused)
}
