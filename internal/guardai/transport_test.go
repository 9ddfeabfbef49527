package guardai

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(respond(http.StatusOK, "application/json", `{"id":1,"name":"x","settings":{}}`))
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
	for range 10 {
		if _, err := client.ReadOrganization(background(t), 1); err != nil {
			t.Error(err)
		}
	}
	if got := opened.Load(); got != 1 {
		t.Errorf("ten requests opened %d connections", got)
	}
}
