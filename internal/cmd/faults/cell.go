package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Mode says how long a fault lasts.
type Mode string

// The modes.
const (
	// Once makes one call go wrong.
	Once Mode = "once"
	// Lasting makes every call of the operation go wrong until the CLI has ended.
	Lasting Mode = "lasting"
)

// Verdict says how a run got over a fault.
type Verdict string

// The verdicts.
const (
	// AtOnce is an apply that did its work, with nothing left to do.
	AtOnce Verdict = "at once"
	// NextApply is an apply that failed with a clean error or left something to do,
	// and another that did it once the fault was over.
	NextApply Verdict = "next apply"
	// CleanError is NextApply where the fault lasted as long as the first apply.
	CleanError Verdict = "clean error"
	// Broken is all else: no error that says what failed, or no second apply that helps.
	Broken Verdict = "BROKEN"
	// NotHit is a run that never met the fault, and so says nothing.
	NotHit Verdict = "NOT HIT"
)

// Result is what came of one cell.
type Result struct {
	Operation string  `json:"operation"`
	Fault     string  `json:"fault"`
	Mode      Mode    `json:"mode"`
	Verdict   Verdict `json:"verdict"`
	// Required says that nothing but AtOnce will do.
	Required bool `json:"required"`
	Damage
	// Output is what the CLI wrote, where the result isn't good.
	Output string `json:"output,omitempty"`
}

// Good says that nothing was broken and that a run got over the fault as it must.
func (r Result) Good() bool {
	if r.Required {
		return r.Damage == Damage{} && r.Verdict == AtOnce
	}
	return r.Damage == Damage{} && r.Verdict != Broken && r.Verdict != NotHit
}

// describe reports a run in a line, with all that the CLI wrote in a bad one.
func (r Result) describe() string {
	text := fmt.Sprintf("%s / %s (%s): %s", r.Operation, r.Fault, r.Mode, r.Verdict)
	if !r.Good() {
		text += fmt.Sprintf("\n%+v\n%s", r.Damage, r.Output)
	}
	return text
}

// lastingRetries is how often the provider tries again where that can't help.
const lastingRetries = "1"

// errNotHit is the error of a fault that hit nothing: the cell says nothing then.
var errNotHit = errors.New("the fault hit nothing")

// cell is one field of the matrix.
type cell struct {
	op    *prepared
	fault fault
	mode  Mode
}

// runCell runs a cell: an apply with the fault, another without it where that is
// needed, and a plan, which must find nothing to do.
func (m *matrix) runCell(ctx context.Context, c cell) (Result, error) {
	result := Result{Operation: c.op.name, Fault: c.fault.name, Mode: c.mode, Required: c.mode == Once && c.fault.mustPass(c.op.operation)}
	dir, err := os.MkdirTemp(m.dir, "cell-")
	if err != nil {
		return result, err
	}
	err = m.in(ctx, filepath.Join(dir, "folder"), c.op.dir, c.settings(), func(e *environment) error {
		if err := e.configure(c.op.after); err != nil {
			return err
		}
		var err error
		if result.Verdict, err = c.play(ctx, e); errors.Is(err, errNotHit) {
			result.Verdict = NotHit
		} else if err == nil {
			result.Damage, err = c.damage(ctx, e)
		}
		if !result.Good() {
			result.Output = e.shown.String()
		}
		if errors.Is(err, errNotHit) {
			return nil
		}
		return err
	})
	if err != nil {
		return result, fmt.Errorf("%s/%s/%s: %w", c.op.name, c.fault.name, c.mode, err)
	}
	return result, os.RemoveAll(dir)
}

func (c cell) settings() []string {
	var settings []string
	if c.mode == Lasting {
		settings = append(settings, "GUARDAI_MAX_RETRIES="+lastingRetries)
	}
	if c.fault.make != nil && c.fault.make().Kind == sandbox.FaultSlow {
		settings = append(settings, "GUARDAI_REQUEST_TIMEOUT="+timeout)
	}
	return settings
}

func (c cell) play(ctx context.Context, e *environment) (Verdict, error) {
	code, settled, err := e.converge(ctx, c.begin(ctx, e))
	if err != nil {
		return "", err
	}
	if settled {
		return AtOnce, nil
	}
	clean := code == 0 || e.namesCall()
	_, settled, err = e.converge(ctx, func() error { return nil })
	switch {
	case err != nil:
		return "", err
	case !settled || !clean:
		return Broken, nil
	case c.mode == Lasting && code != 0:
		return CleanError, nil
	}
	return NextApply, nil
}

func (c cell) damage(ctx context.Context, e *environment) (Damage, error) {
	now, err := e.snapshot(ctx)
	if err != nil {
		return Damage{}, err
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
	if c.mode == Lasting {
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
		if number == c.op.number || c.mode == Lasting && number > c.op.number {
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
		if c.mode == Once {
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
