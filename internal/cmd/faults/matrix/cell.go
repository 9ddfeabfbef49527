package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Mode says how long a fault lasts.
type Mode string

// The modes.
const (
	// Once has one call go wrong.
	Once Mode = "once"
	// Lasting has every call of the operation go wrong until the CLI has ended.
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
	// Broken is all else: no error that says what failed, or nothing that helps.
	Broken Verdict = "BROKEN"
	// NotHit is a run that never met the fault, and so tells nothing.
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

// lastingRetries is how often the provider tries again where that can't help.
const lastingRetries = "1"

// errNotHit is a fault that nothing was hit by: the cell says nothing then.
var errNotHit = errors.New("the fault hit nothing")

// cell is one field of the matrix.
type cell struct {
	op    *prepared
	fault Fault
	mode  Mode
}

func (c cell) name() string { return c.op.Name + "/" + c.fault.Name + "/" + string(c.mode) }

// run plays a cell: an apply with the fault, another without it where that is
// needed, and a plan, which must find nothing to do.
func (m *Matrix) run(ctx context.Context, c cell) (Result, error) {
	result := Result{Operation: c.op.Name, Fault: c.fault.Name, Mode: c.mode, Required: c.mode == Once && c.fault.mustPass(c.op.Operation)}
	dir, err := os.MkdirTemp(m.dir, "cell-")
	if err != nil {
		return result, err
	}
	g, err := m.enter(ctx, dir, c.op.dir, c.settings()...)
	if err != nil {
		return result, err
	}
	if err = g.folder.write(c.op.after); err == nil {
		result.Verdict, err = c.play(ctx, g)
	}
	if errors.Is(err, errNotHit) {
		result.Verdict, err = NotHit, nil
	}
	if err == nil && result.Verdict != NotHit {
		result.Damage, err = c.damage(g)
	}
	if err = errors.Join(err, g.leave()); err != nil {
		return result, fmt.Errorf("%s: %w\n%s", c.name(), err, &g.folder.shown)
	}
	if !result.Good() {
		result.Output = g.folder.shown.String()
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

func (c cell) play(ctx context.Context, g *ground) (Verdict, error) {
	code, settled, err := g.folder.converge(ctx, c.begin(ctx, g))
	if err != nil {
		return "", err
	}
	if settled {
		return AtOnce, nil
	}
	clean := code == 0 || g.folder.namesCall()
	_, settled, err = g.folder.converge(ctx, func() error { return nil })
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

func (c cell) damage(g *ground) (Damage, error) {
	now, err := g.folder.situation(g.platform.Server)
	if err != nil {
		return Damage{}, err
	}
	d, err := g.folder.traces()
	d.Secrets += int(g.platform.strangers.Load())
	return d.plus(now.compare(c.op.should)), err
}

// begin lets the fault happen from now on. over ends it, and says whether it hit.
func (c cell) begin(ctx context.Context, g *ground) (over func() error) {
	switch c.fault.how {
	case refuse:
		return c.refuse(ctx, g)
	case revoke:
		return c.revoke(g)
	case redirect:
		return c.inject(g, sandbox.Fault{Kind: sandbox.FaultRedirect, Location: g.platform.other.URL + "/api/v1/login"})
	}
	return c.inject(g, c.fault.make())
}

func (c cell) inject(g *ground, fault sandbox.Fault) func() error {
	fault.Operation = c.op.call
	if c.mode == Lasting {
		fault.Times = -1
	}
	g.platform.Inject(fault)
	return func() error {
		g.platform.ClearFaults()
		for _, request := range g.platform.Requests() {
			if request.Fault != "" {
				return nil
			}
		}
		return errNotHit
	}
}

// revoke makes tokens invalid right before the call, or before each.
func (c cell) revoke(g *ground) func() error {
	var hit atomic.Bool
	g.platform.at(func(number int, handle func()) {
		if number == c.op.number || c.mode == Lasting && number > c.op.number {
			hit.Store(true)
			g.platform.RevokeTokens()
		}
		handle()
	})
	return func() error {
		g.platform.at(func(_ int, handle func()) { handle() })
		if !hit.Load() {
			return errNotHit
		}
		return nil
	}
}

// refused is what the provider's log says of a connection that couldn't be made.
var refused = []byte("refused")

// watching is how often the log is looked into.
const watching = 20 * time.Millisecond

// refuse has nothing listen from the request before the call on. It listens again
// once the provider has noticed, or once the CLI has ended.
func (c cell) refuse(ctx context.Context, g *ground) func() error {
	if c.op.number == 0 {
		g.platform.refuse()
	}
	g.platform.at(func(number int, handle func()) {
		if number == c.op.number-1 {
			g.platform.refuse()
		}
		handle()
	})
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c.mode == Once {
			c.listenOnceNoticed(ctx, g)
		}
	}()
	return func() error {
		cancel()
		<-done
		g.platform.at(func(_ int, handle func()) { handle() })
		if err := g.platform.listen(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		if !g.noticed() {
			return errNotHit
		}
		return nil
	}
}

func (c cell) listenOnceNoticed(ctx context.Context, g *ground) {
	for !g.noticed() {
		select {
		case <-time.After(watching):
		case <-ctx.Done():
			return
		}
	}
	// Where it fails, the cell ends with the error that over's attempt fails with.
	_ = g.platform.listen(ctx)
}

// noticed says whether the provider met a refused connection. There is no log yet
// where the CLI has just begun.
func (g *ground) noticed() bool {
	log, err := os.ReadFile(g.folder.path(logFile))
	return err == nil && bytes.Contains(log, refused)
}
