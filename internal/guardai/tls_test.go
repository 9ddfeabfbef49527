package guardai

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMinimumTLSVersion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		version uint16
		refused bool
	}{
		"TLS 1.1": {version: tls.VersionTLS11, refused: true},
		"TLS 1.2": {version: tls.VersionTLS12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan struct{}, 1)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked <- struct{}{}
				respond(http.StatusOK, "application/json", `{"id":1,"name":"x","settings":{}}`)(w, r)
			}))
			server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: test.version} //nolint:gosec // The test needs an outdated server.
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)
			client, err := New(Config{Host: server.URL, Token: "ready-token", CACertificate: pemOf(server.Certificate().Raw)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.rest.CloseIdleConnections)
			_, err = client.ReadOrganization(background(t), 1)
			if refused := err != nil && strings.Contains(err.Error(), "protocol version"); refused != test.refused || len(asked) > 0 == test.refused {
				t.Errorf("it was asked %d times, and the error is: %v", len(asked), err)
			}
		})
	}
}
