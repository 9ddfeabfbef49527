package guardai

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func TestCanceledWaiterDoesNotCancelOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, canceledWaiter)
}

func canceledWaiter(t *testing.T) {
	t.Helper()
	var group callGroup[string]
	started, release := make(chan struct{}), make(chan struct{})
	shared := func(ctx context.Context) (string, error) {
		close(started)
		select {
		case <-release:
			return "value", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	first, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := group.do(first, "", shared)
		gone <- err
	}()
	<-started
	stayed := make(chan string)
	go func() {
		// This joins the first call: shared would panic if it were called again.
		value, err := group.do(t.Context(), "", shared)
		if err != nil {
			t.Error(err)
		}
		stayed <- value
	}()
	synctest.Wait()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the canceled one got %v", err)
	}
	close(release)
	if got := <-stayed; got != "value" {
		t.Errorf("the other one got %q", got)
	}
}

// A call goes on only while somebody waits for it.
func TestCallEndsWithItsLastCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group callGroup[string]
		calls, ended := 0, make(chan error, 1)
		wait := func(ctx context.Context) (string, error) {
			calls++
			<-ctx.Done()
			ended <- ctx.Err()
			return "", ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		for range 2 {
			go func() { _, _ = group.do(ctx, "", wait) }()
		}
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || calls != 1 {
			t.Errorf("%d calls, and the last ended with %v", calls, err)
		}
		if got, err := group.do(t.Context(), "", func(context.Context) (string, error) { return "new", nil }); got != "new" {
			t.Errorf("the next caller got %q, %v", got, err)
		}
	})
}

// An error after cancellation names the call even if it was waiting for a shared result or a lock.
func TestCanceledWaitsNameTheirCall(t *testing.T) {
	t.Parallel()
	received, over := make(chan struct{}, 10), make(chan struct{})
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		received <- struct{}{}
		<-over
		respond(200, "application/json", `{"jwt":"a","id":7}`)(w, r)
	})
	loggedIn, loggingIn := p.client(t), p.client(t, withAPIKey)
	locked := p.client(t)
	release, err := locked.locks.Lock(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	creating := p.client(t)
	releaseName, err := creating.organizations.locks.Lock(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	for want, call := range map[string]func(context.Context) error{
		"GET /api/v1/organizations/7 was canceled":    func(ctx context.Context) error { _, err := loggedIn.GetOrganization(ctx, 7); return err },
		"DELETE /api/v1/organizations/7 was canceled": func(ctx context.Context) error { return locked.DeleteOrganization(ctx, 7) },
		"PUT /api/v1/organizations/7 was canceled": func(ctx context.Context) error {
			_, err := locked.UpdateOrganization(ctx, 7, OrganizationChange{})
			return err
		},
		"DELETE /api/v1/organizations/7/file was canceled": func(ctx context.Context) error {
			return locked.DeleteFile(ctx, FileKey{OrganizationID: 7, Type: "unlisted"})
		},
		"POST /api/v1/organizations was canceled": func(ctx context.Context) error {
			_, err := creating.CreateOrganization(ctx, "x", nil)
			return err
		},
		"GET /api/v1/organizations/7/assets was canceled": func(ctx context.Context) error {
			_, err := loggingIn.GetAssets(ctx, 7)
			return err
		},
		"POST /api/v1/login was canceled": func(ctx context.Context) error { _, err := loggingIn.Token(ctx); return err },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if want[0] != 'G' {
			cancel()
		} else {
			go func() {
				<-received
				cancel()
			}()
		}
		err := call(ctx)
		cancel()
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Kind != rest.KindCanceled || !errors.Is(err, context.Canceled) || e.Method+" "+e.Path+" was canceled" != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	release()
	releaseName()
	close(over)
}
