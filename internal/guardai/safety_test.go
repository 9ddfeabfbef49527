package guardai

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func TestCopyRejectsItsSourceAsResult(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(201, "application/json", `{"id":7,"name":"x","settings":{}}`))
	_, err := p.client(t).CopyOrganization(background(t), 7, "x")
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != rest.KindInvalidResponse || !e.OutcomeUnknown {
		t.Errorf("got %v", err)
	}
}

func TestPartialResponseToAnUpdateIsReadAgain(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"id":7,"name":"y","settings":{"maxItemCount":5}}`
		if r.Method == http.MethodPut {
			body = `{"id":7}`
		}
		respond(200, "application/json", body)(w, r)
	})
	org, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{
		Name: "y", Settings: Settings{MaxItemCount: new(int64(6))},
	})
	if err != nil || org.Name != "y" || *org.Settings.MaxItemCount != 5 {
		t.Errorf("got %+v, %v", org, err)
	}
}

// A response to a create that doesn't show what was sent must be read again, and isn't cached.
func TestIncompleteResponseToACreateIsNotCached(t *testing.T) {
	t.Parallel()
	for response, want := range map[string]bool{
		`{"id":7,"name":"y","settings":{"maxItemCount":6}}`: false,
		`{"id":7,"name":"y","settings":{"maxItemCount":5}}`: true,
		`{"id":7,"name":"y","settings":{}}`:                 true,
		`{"id":7,"name":"x","settings":{"maxItemCount":6}}`: true,
	} {
		p := newPlatform(t, respond(200, "application/json", response))
		client := p.client(t)
		_, err := client.CreateOrganization(background(t), "y", &Settings{MaxItemCount: new(int64(6))})
		if err != nil {
			t.Errorf("%s: %v", response, err)
		}
		if _, err := client.GetOrganization(background(t), 7); err != nil || p.count(http.MethodGet) == 1 != want {
			t.Errorf("%s: it took %d reads, %v", response, p.count(http.MethodGet), err)
		}
	}
}

// An invalid response to an update isn't a failure if the platform has applied it.
func TestUpdateWithAnInvalidResponseIsConfirmed(t *testing.T) {
	t.Parallel()
	for name, done := range map[string]bool{"done": true, "not done": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored := "x"
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut {
					if done {
						stored = "y"
					}
					respond(200, "application/json", "")(w, r)
					return
				}
				respond(200, "application/json", fmt.Sprintf(`{"id":7,"name":%q,"settings":{}}`, stored))(w, r)
			})
			_, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{Name: "y"})
			if (err == nil) != done {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUpdateAfterALoginReadsAgain(t *testing.T) {
	t.Parallel()
	var puts atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v1/login":
			respond(200, "application/json", fmt.Sprintf(`{"jwt":"token-%d"}`, puts.Load()))(w, r)
		case r.Method == http.MethodPut && puts.Add(1) == 1:
			respond(401, "application/json", "")(w, r)
		case r.Method == http.MethodPut:
			respond(200, "application/json", `{"id":7,"name":"y","settings":{}}`)(w, r)
		default:
			respond(200, "application/json", `{"id":7,"name":"x","settings":{}}`)(w, r)
		}
	})
	if _, err := p.client(t, withAPIKey).UpdateOrganization(background(t), 7, OrganizationChange{Name: "y"}); err != nil {
		t.Fatal(err)
	}
	if reads, writes := p.count(http.MethodGet), p.count(http.MethodPut); reads != 2 || writes != 2 {
		t.Errorf("got %d reads and %d writes, want 2 of each", reads, writes)
	}
}

func TestOverwrittenUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ over, writes int }{"once": {1, 2}, "always": {100, maxWrites}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			puts := 0
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				stored := "before"
				if r.Method == http.MethodPut {
					puts++
					if puts > test.over {
						stored = "after"
					}
				}
				respond(200, "application/json", fmt.Sprintf(`{"id":7,"name":%q,"settings":{}}`, stored))(w, r)
			})
			org, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{Name: "after"})
			if reads, writes := p.count(http.MethodGet), p.count(http.MethodPut); err != nil || reads != test.writes || writes != test.writes {
				t.Errorf("got %+v, %v after %d reads and %d writes", org, err, reads, writes)
			}
			if done := test.over < maxWrites; (org.Name == "after") != done {
				t.Errorf("got %q", org.Name)
			}
		})
	}
}

// A POST that was rejected and then can't connect wasn't carried out either.
func TestOutcomeAfterARejectedAndAnUnsentAttempt(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		respond(429, "", "")(w, r)
	})
	client := p.client(t, func(cfg *Config) { cfg.RetryWait = 200 * time.Millisecond })
	go func() {
		for p.count(http.MethodPost) == 0 {
			time.Sleep(time.Millisecond)
		}
		p.Close()
	}()
	_, err := client.CreateOrganization(background(t), "x", nil)
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != rest.KindConnection || e.OutcomeUnknown {
		t.Errorf("got %+v", err)
	}
}

// Over HTTP/2, a response may arrive while the body is still being sent.
func TestEarlyResponseIsNotALocalError(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("the request came by %s", r.Proto)
		}
		if requests.Add(1) == 1 {
			respond(429, "", "")(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		respond(200, "text/plain", "ref")(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := New(Config{Host: server.URL, Token: "t", MaxRetries: 2, RetryWait: time.Millisecond, CACertificate: pemOf(server.Certificate().Raw)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.rest.CloseIdleConnections)
	const size = 8 << 20
	_, err = client.UploadFile(background(t), Upload{
		FileKey: FileKey{OrganizationID: 7, Type: "unlisted"}, Size: size,
		Open: func() (io.ReadCloser, error) { return &slowBody{left: size}, nil },
	})
	if err != nil || requests.Load() != 2 {
		t.Errorf("got %v after %d requests", err, requests.Load())
	}
}

// slowBody fails after it is closed, like a file.
type slowBody struct {
	left   int
	closed atomic.Bool
}

func (s *slowBody) Read(p []byte) (int, error) {
	if s.closed.Load() {
		return 0, errors.New("file already closed")
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), s.left, 16<<10)
	s.left -= n
	return n, nil
}

func (s *slowBody) Close() error {
	s.closed.Store(true)
	return nil
}

func TestLogsOmitResponses(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(404, "application/json", springError(404, "no file canary-ref")))
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(background(t), &output)
	err := p.client(t).DeleteFile(ctx, FileKey{OrganizationID: 7, Type: "unlisted", Ref: "canary-ref"})
	if !IsNotFound(err) || strings.Contains(output.String(), "canary") || !strings.Contains(output.String(), "Not Found") {
		t.Errorf("got %v and the log %s", err, output.String())
	}
}
