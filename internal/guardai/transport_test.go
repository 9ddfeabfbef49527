package guardai

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// Ten workers need ten idle connections. The default transport keeps only two per host.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	const workers, rounds = 10, 10
	var opened atomic.Int64
	var together barrier
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		together.wait(workers)
		respond(http.StatusOK, "application/json", `{"id":1,"name":"x","settings":{}}`)(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client, err := New(Config{Host: server.URL, Token: "ready-token"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.rest.CloseIdleConnections)
	for range rounds {
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				if _, err := client.ReadOrganization(background(t), 1); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if got := opened.Load(); got > workers {
		t.Errorf("%d requests by %d workers opened %d connections", workers*rounds, workers, got)
	}
}

// barrier blocks until the expected number of callers wait.
type barrier struct {
	mu      sync.Mutex
	waiting int
	open    chan struct{}
}

func (b *barrier) wait(expected int) {
	b.mu.Lock()
	if b.open == nil {
		b.open = make(chan struct{})
	}
	open := b.open
	b.waiting++
	if b.waiting == expected {
		b.waiting, b.open = 0, nil
		close(open)
	}
	b.mu.Unlock()
	<-open
}
