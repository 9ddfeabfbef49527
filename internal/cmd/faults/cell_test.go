package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// mode is how long a fault lasts.
type mode string

const (
	// once makes one call fail.
	once mode = "once"
	// lasting makes every call of the operation fail until the CLI has exited.
	lasting mode = "lasting"
)

// verdict is how a run ended.
type verdict string

const (
	// atOnce is an apply that succeeded and left no changes.
	atOnce verdict = "at once"
	// nextApply is an apply that failed with a clean error or left changes, and another that succeeded after the fault.
	nextApply verdict = "next apply"
	// cleanError is nextApply with a fault that lasted until the end of the first apply.
	cleanError verdict = "clean error"
	// broken is any other outcome: the error doesn't name the call, or the second apply didn't help.
	broken verdict = "BROKEN"
	// notHit is a run without the fault.
	notHit verdict = "NOT HIT"
)

type result struct {
	operation, fault string
	mode             mode
	verdict          verdict
	// required means that the verdict must be atOnce.
	required bool
	// damage lists what the run lost, doubled, changed or leaked, and crashes.
	damage []string
}

// good reports whether the run had an allowed verdict and did no damage.
func (r result) good() bool {
	allowed := r.verdict == atOnce || !r.required && r.verdict != broken && r.verdict != notHit
	return allowed && len(r.damage) == 0
}

// lastingRetries is max_retries where retries can't help.
const lastingRetries = "1"

// errNotHit means that the fault affected no request.
var errNotHit = errors.New("the fault hit nothing")

// cell is one field of the matrix.
type cell struct {
	op    operation
	fault fault
	mode  mode
	// number is the index of the operation's first call among the requests of the change.
	number int
}

// run applies with the fault and, if needed, again without it. The plan after that must have no changes.
func (c cell) run(ctx context.Context, t *testing.T, m *matrix) result {
	t.Helper()
	r := result{operation: c.op.name, fault: c.fault.name, mode: c.mode, required: c.mode == once && c.fault.mustConverge(c.op)}
	err := m.withEnvironment(ctx, filepath.Join(t.TempDir(), "folder"), c.op.before.dir, c.settings(), func(e *environment) (err error) {
		if err := e.configure(c.op.after); err != nil {
			return err
		}
		if r.verdict, err = c.play(ctx, e); errors.Is(err, errNotHit) {
			r.verdict, err = notHit, nil
		} else if err == nil {
			r.damage, err = c.damage(e)
		}
		if !r.good() {
			t.Errorf("%s\n%s\n%s", r.verdict, strings.Join(r.damage, "\n"), &e.output)
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
	if c.fault.injected.Kind == sandbox.FaultSlow {
		settings = append(settings, "GUARDAI_REQUEST_TIMEOUT="+requestTimeout)
	}
	return settings
}

func (c cell) play(ctx context.Context, e *environment) (verdict, error) {
	code, settled, err := e.converge(ctx, c.startFault(ctx, e))
	if err != nil {
		return "", err
	}
	if settled {
		return atOnce, nil
	}
	clean := code == 0 || e.showsCall()
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

// damage compares the platform and the state with those of the same change without a fault, and searches what the run
// left behind.
func (c cell) damage(e *environment) ([]string, error) {
	now, err := e.describe()
	if err != nil {
		return nil, err
	}
	log, err := os.ReadFile(e.logFile)
	if err != nil {
		return nil, err
	}
	state, err := e.Read(cli.StateFile)
	damage := append(difference(c.op.expected, now), forbidden.FindAllString(e.output.String()+state+string(log), -1)...)
	if leaks := e.platform.leaks.Load(); leaks > 0 {
		damage = append(damage, fmt.Sprintf("%d requests to another host", leaks))
	}
	return damage, err
}

// startFault starts the fault. over ends it, and returns an error unless a request was affected.
func (c cell) startFault(ctx context.Context, e *environment) (over func() error) {
	fault := c.fault.injected
	switch c.fault.disruption {
	case refuse:
		return c.refuse(ctx, e)
	case redirect:
		fault.Location = e.platform.other.URL + "/api/v1/login"
	case askForDate:
		fault.RetryAfter = time.Now().Add(retryDate).UTC().Format(http.TimeFormat)
	}
	return c.inject(e, fault)
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

// refused is part of the provider's log message about a refused connection.
var refused = []byte("refused")

const pollInterval = 20 * time.Millisecond

// refuse stops listening at the request before the call. It listens again when the provider has noticed, or when the
// CLI has exited.
func (c cell) refuse(ctx context.Context, e *environment) func() error {
	e.platform.refuseBefore(c.number)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c.mode == once {
			c.listenWhenNoticed(ctx, e)
		}
	}()
	return func() error {
		cancel()
		<-done
		if err := e.platform.listen(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		if !e.sawRefusedConnection() {
			return errNotHit
		}
		return nil
	}
}

func (c cell) listenWhenNoticed(ctx context.Context, e *environment) {
	for !e.sawRefusedConnection() {
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return
		}
	}
	// On failure, over tries again and returns the error.
	_ = e.platform.listen(ctx)
}

// sawRefusedConnection reports whether the provider logged a refused connection. The log may not exist yet.
func (e *environment) sawRefusedConnection() bool {
	log, err := os.ReadFile(e.logFile)
	return err == nil && bytes.Contains(log, refused)
}
