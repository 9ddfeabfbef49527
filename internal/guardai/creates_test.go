package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// losing responds to a POST with 502, and to other requests for organizations with list. now is the platform's time.
func losing(now time.Time, list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			respond(502, "text/html", "")(w, r)
			return
		}
		if r.URL.Path != organizationsPath {
			respond(404, "application/json", "{}")(w, r)
			return
		}
		w.Header().Set("Date", now.Format(http.TimeFormat))
		respond(200, "application/json", list)(w, r)
	}
}

func TestLookupUsesThePlatformsClock(t *testing.T) {
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

// An organization without a creation time may be an old one.
func TestLookupDoesNotAdoptUndatedOrganizations(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, losing(time.Now(), `[{"id":3,"name":"x","settings":{}},{"id":4,"name":"y","settings":{}}]`))
	client := p.client(t)
	_, err := client.CreateOrganization(background(t), "x", nil)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || !slices.Equal(unknown.Candidates, []string{"3"}) {
		t.Errorf("got %v", err)
	}
	if _, err := client.ListOrganizations(background(t)); err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateOrganization(background(t), "x", nil)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.Candidates != nil {
		t.Errorf("an organization seen before is considered new: %v", err)
	}
}

// Neither an organization that is older than the create, if the platform's clocks differ, nor one of two is adopted.
func TestLookupReportsWhatItCannotAttribute(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	dated := func(id int64, created time.Time) string {
		return fmt.Sprintf(`{"id":%d,"name":"x","settings":{},"creationDateTime":%q}`, id, created.Format(time.RFC3339Nano))
	}
	for list, want := range map[string][]string{dated(3, now.Add(-time.Minute)): {"3"}, dated(3, now.Add(time.Second)) + "," + dated(4, now.Add(time.Second)): {"3", "4"}} {
		p := newPlatform(t, losing(now, "["+list+"]"))
		_, err := p.client(t).CreateOrganization(background(t), "x", nil)
		if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || !slices.Equal(unknown.Candidates, want) || p.count(http.MethodPost) != 1 {
			t.Errorf("%s: got %v", list, err)
		}
	}
}

// The platform may still be processing a create when a proxy has given up on it.
func TestLookupIsRepeated(t *testing.T) {
	t.Parallel()
	var lists atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		list := `[]`
		if r.Method == http.MethodGet && lists.Add(1) == maxLookups {
			list = fmt.Sprintf(`[{"id":3,"name":"x","settings":{},"creationDateTime":%q}]`, time.Now().UTC().Format(time.RFC3339Nano))
		}
		losing(time.Now().UTC(), list)(w, r)
	})
	if created, err := p.client(t).CreateOrganization(background(t), "x", nil); err != nil || created.ID != 3 {
		t.Errorf("got %+v, %v", created, err)
	}
}

func TestCreateRejectsAnExistingOrganization(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"id":7,"name":"x","settings":{}}`
		if r.URL.Path == organizationsPath && r.Method == http.MethodGet {
			body = `[` + body + `]`
		}
		respond(200, "application/json", body)(w, r)
	})
	client := p.client(t)
	if _, err := client.GetOrganization(background(t), 7); err != nil {
		t.Fatal(err)
	}
	_, err := client.CreateOrganization(background(t), "x", nil)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.Candidates != nil || unknown.LookupErr != nil {
		t.Errorf("got %v", err)
	}
}

// canceledCall is a call that is canceled when the platform receives it.
type canceledCall struct {
	call func(context.Context, *Client) error
	// responds is set if the platform responds, made if it carries out the call, and done if the call succeeds.
	responds, made, done bool
}

// listed returns the elements of the list after the call.
func (c *canceledCall) listed(organization string) string {
	if c.made {
		return organization
	}
	return ""
}

// A create that was fully sent still gets its response when the run is canceled, or is looked up. A read is abandoned
// at once.
func TestCanceledCreateWaitsForItsResponse(t *testing.T) {
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
		"create with a response": {call: create, responds: true, made: true, done: true},
		"create that is found":   {call: create, made: true, done: true},
		"create that is not":     {call: create},
		"read":                   {call: read},
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
					respond(200, "application/json", "["+test.listed(organization)+"]")(w, r)
				case test.responds:
					// A call that doesn't wait has ended by then.
					time.Sleep(responseGrace / 10)
					respond(201, "application/json", organization)(w, r)
				default:
					<-over
				}
			})
			err := test.call(ctx, p.client(t))
			close(over)
			if e, ok := errors.AsType[*Error](err); test.done != (err == nil) || (ok && e.Kind != rest.KindCanceled) {
				t.Errorf("got %v", err)
			}
			if unknown, ok := errors.AsType[*UnknownOutcomeError](err); ok && unknown.LookupErr == nil {
				t.Errorf("the error says that nothing was created: %v", err)
			}
		})
	}
}
