package guardai

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

func pemOf(certificate []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
}

func TestReadsAreShared(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, answer(200, "application/json", `{"id":7,"name":"x"}`))
	client := p.client(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := client.GetOrganization(background(t), 7); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := p.count(http.MethodGet); got != 1 {
		t.Errorf("got %d reads, want 1", got)
	}
	if _, err := client.UpdateOrganization(background(t), 7, OrganizationChange{Name: "y"}); err != nil {
		t.Fatal(err)
	}
	before := p.count(http.MethodGet)
	if _, err := client.GetOrganization(background(t), 7); err != nil {
		t.Fatal(err)
	}
	if got := p.count(http.MethodGet); got != before+1 {
		t.Errorf("got %d reads after the write, want 1", got-before)
	}
}

func TestCanceledWaiterDoesNotCancelOthers(t *testing.T) {
	t.Parallel()
	var group flights[int, string]
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
		_, err := group.do(first, 1, shared)
		gone <- err
	}()
	<-started
	stayed := make(chan string)
	joined := make(chan struct{})
	go func() {
		current := group.join(t.Context(), 1, nil)
		close(joined)
		<-current.done
		stayed <- current.value
	}()
	<-joined
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the canceled one got %v", err)
	}
	close(release)
	if got := <-stayed; got != "value" {
		t.Errorf("the other one got %q", got)
	}
}

func TestLastWaiterCancelsTheCall(t *testing.T) {
	t.Parallel()
	var group flights[int, string]
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	_, err := group.do(ctx, 1, func(shared context.Context) (string, error) {
		cancel()
		<-shared.Done()
		close(ended)
		return "", shared.Err()
	})
	<-ended
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestUpdatesAndUploadsDoNotOverlap(t *testing.T) {
	t.Parallel()
	locks := newOrganizationLocks()
	var writing, uploading atomic.Int64
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			if i%4 == 0 {
				release, err := locks.exclusive(t.Context(), 1)
				if err != nil {
					t.Error(err)
					return
				}
				defer release()
				if writing.Add(1) != 1 || uploading.Load() != 0 {
					t.Error("an update overlaps")
				}
				writing.Add(-1)
				return
			}
			release, err := locks.shared(t.Context(), 1)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			uploading.Add(1)
			if writing.Load() != 0 {
				t.Error("an upload overlaps with an update")
			}
			uploading.Add(-1)
		})
	}
	group.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	release, _ := locks.exclusive(ctx, 1)
	cancel()
	if _, err := locks.shared(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled wait got %v", err)
	}
	release()
}
