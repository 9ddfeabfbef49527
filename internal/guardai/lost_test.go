package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// losing answers a POST with 502 and a list with one, as a platform whose clock shows
// now.
func losing(now time.Time, list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			answer(502, "text/html", "")(w, r)
			return
		}
		if r.URL.Path != organizationsPath {
			answer(404, "application/json", "{}")(w, r)
			return
		}
		w.Header().Set("Date", now.Format(http.TimeFormat))
		answer(200, "application/json", list)(w, r)
	}
}

// What is new is told by the platform's clock, however wrong it is.
func TestLostCreateGoesByThePlatformsClock(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]time.Time{
		"slow": time.Now().Add(-24 * time.Hour), "right": time.Now(), "fast": time.Now().Add(24 * time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := now.UTC()
			const list = `[{"id":3,"name":"x","settings":{},"creationDateTime":%q},{"id":4,"name":"x","settings":{},"creationDateTime":%q}]`
			p := newPlatform(t, losing(now, fmt.Sprintf(list, now.Add(-time.Minute).Format(time.RFC3339Nano), now.Format(time.RFC3339Nano))))
			created, err := p.client(t).CreateOrganization(background(t), "x", nil)
			if err != nil || created.ID != 4 {
				t.Errorf("got %+v, %v", created, err)
			}
		})
	}
}

// An organization without a time of creation may be an old one.
func TestLostCreateDoesNotTakeWhatHasNoDate(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, losing(time.Now(), `[{"id":3,"name":"x","settings":{}},{"id":4,"name":"y","settings":{}},{"id":5}]`))
	client := p.client(t)
	_, err := client.CreateOrganization(background(t), "x", nil)
	if lost, ok := errors.AsType[*LostError](err); !ok || len(lost.Candidates) != 1 || lost.Candidates[0] != "3" {
		t.Errorf("got %v", err)
	}
	if _, err := client.ListOrganizations(background(t)); err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateOrganization(background(t), "x", nil)
	if lost, ok := errors.AsType[*LostError](err); !ok || lost.Candidates != nil {
		t.Errorf("what was seen before is taken for new: %v", err)
	}
}

// The platform may still be at work when a proxy has given up.
func TestLostCreateIsLookedForAgain(t *testing.T) {
	t.Parallel()
	var lists atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		list := `[]`
		if r.Method == http.MethodGet && lists.Add(1) == maxLooks {
			list = fmt.Sprintf(`[{"id":3,"name":"x","settings":{},"creationDateTime":%q}]`, time.Now().UTC().Format(time.RFC3339Nano))
		}
		losing(time.Now().UTC(), list)(w, r)
	})
	if created, err := p.client(t).CreateOrganization(background(t), "x", nil); err != nil || created.ID != 3 {
		t.Errorf("got %+v, %v", created, err)
	}
}

// An answer about an organization that was there before can't be about the new one.
func TestCreateIsNotWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"id":7,"name":"x","settings":{}}`
		if r.URL.Path == organizationsPath && r.Method == http.MethodGet {
			body = `[` + body + `]`
		}
		answer(200, "application/json", body)(w, r)
	})
	client := p.client(t)
	if _, err := client.GetOrganization(background(t), 7); err != nil {
		t.Fatal(err)
	}
	_, err := client.CreateOrganization(background(t), "x", nil)
	if lost, ok := errors.AsType[*LostError](err); !ok || lost.Candidates != nil || lost.LookupErr != nil {
		t.Errorf("got %v", err)
	}
}

// canceledCall is a call that is canceled when the platform gets it.
type canceledCall struct {
	call func(context.Context, *Client) error
	// answers says that the platform answers it, made that it has done its work, and
	// done that the call succeeds.
	answers, made, done bool
}

// listed is what the platform lists afterwards.
func (c *canceledCall) listed(organization string) string {
	if c.made {
		return organization
	}
	return ""
}

// A create that was sent whole still gets its answer when the run is canceled, or
// is looked for. A read is given up at once.
func TestCanceledCreateWaitsForItsAnswer(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, c *Client) error {
		_, err := c.CreateOrganization(ctx, "x", nil)
		return err
	}
	read := func(ctx context.Context, c *Client) error {
		_, err := c.ReadOrganization(ctx, 7)
		return err
	}
	for name, test := range map[string]canceledCall{
		"create that is answered": {call: create, answers: true, made: true, done: true},
		"create that is found":    {call: create, made: true, done: true},
		"create that is not":      {call: create},
		"read":                    {call: read},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(background(t))
			over := make(chan struct{})
			organization := fmt.Sprintf(`{"id":7,"name":"x","settings":{},"creationDateTime":%q}`, time.Now().UTC().Format(time.RFC3339Nano))
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				switch {
				case r.URL.Path == organizationsPath && r.Method == http.MethodGet:
					answer(200, "application/json", "["+test.listed(organization)+"]")(w, r)
				case test.answers:
					// By then a call that didn't wait would be over.
					time.Sleep(answerGrace / 10)
					answer(201, "application/json", organization)(w, r)
				default:
					<-over
				}
			})
			err := test.call(ctx, p.client(t))
			close(over)
			if e, ok := errors.AsType[*Error](err); test.done != (err == nil) || (ok && e.Kind != KindCanceled) {
				t.Errorf("got %v", err)
			}
			if lost, ok := errors.AsType[*LostError](err); ok && lost.LookupErr == nil {
				t.Errorf("it is said not to be there: %v", err)
			}
		})
	}
}

// Terraform doesn't tell a provider of Ctrl-C while an apply makes its plan; the
// terminal does.
func TestInterruptionCancelsEveryCall(t *testing.T) {
	t.Parallel()
	interrupted, interrupt := context.WithCancel(t.Context())
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "50")
		answer(429, "application/json", "")(w, r)
		interrupt()
	})
	client := p.client(t, func(cfg *Config) { cfg.Interrupted = interrupted })
	for what, call := range map[string]func() error{
		"a wait": func() error { _, err := client.GetOrganization(background(t), 7); return err },
		"a call": func() error { return client.DeleteOrganization(background(t), 7) },
	} {
		if e, ok := errors.AsType[*Error](call()); !ok || e.Kind != KindCanceled {
			t.Errorf("%s went on after the interruption", what)
		}
	}
}

func TestInterruptedCreateIsLookedFor(t *testing.T) {
	t.Parallel()
	interrupted, interrupt := context.WithCancel(t.Context())
	over := make(chan struct{})
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			interrupt()
			<-over
			return
		}
		created := fmt.Sprintf(`[{"id":7,"name":"x","settings":{},"creationDateTime":%q}]`, time.Now().UTC().Format(time.RFC3339Nano))
		answer(200, "application/json", created)(w, r)
	})
	created, err := p.client(t, func(cfg *Config) { cfg.Interrupted = interrupted }).CreateOrganization(background(t), "x", nil)
	close(over)
	if err != nil || created.ID != 7 {
		t.Errorf("got %+v, %v", created, err)
	}
}
