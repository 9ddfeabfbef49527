package guardai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// failing responds to the first n requests of a method with a status.
func failing(n int64, method string, status int, then http.HandlerFunc) http.HandlerFunc {
	var seen atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && seen.Add(1) <= n {
			w.Header().Set("Retry-After", "0")
			respond(status, "application/json", `{"message":"not now"}`)(w, r)
			return
		}
		then(w, r)
	}
}

func TestTruncatedReadIsRetried(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if seen.Add(1) == 1 {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"id":7,`))
			return
		}
		_, _ = w.Write([]byte(`{"id":7,"name":"x","settings":{}}`))
	})
	if _, err := p.client(t).ReadOrganization(background(t), 7); err != nil {
		t.Error(err)
	}
}

func TestCreateWithUnknownOutcomeIsNotRetried(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"502":           respond(502, "text/html", ""),
		"500":           respond(500, "text/html", ""),
		"dropped":       func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"garbage":       respond(200, "application/json", "{"),
		"another shape": respond(201, "application/json", "[]"),
		"id zero":       respond(201, "application/json", `{"id":0}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, handler)
			_, err := p.client(t).CreateOrganization(background(t), "x", nil)
			var e *Error
			if !errors.As(err, &e) || !e.OutcomeUnknown {
				t.Errorf("got %+v, want an error that says the create may have happened", err)
			}
			if got := p.count(http.MethodPost); got != 1 {
				t.Errorf("got %d creates, want 1", got)
			}
		})
	}
}

func TestLongRetryAfterIsAnError(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		respond(429, "application/json", "")(w, r)
	})
	_, err := p.client(t).ReadOrganization(background(t), 7)
	var e *Error
	if !errors.As(err, &e) || e.Kind != rest.KindRetryLater || time.Until(e.RetryAt) < 58*time.Minute {
		t.Errorf("got %v", err)
	}
}

func TestCancelEndsWaits(t *testing.T) {
	t.Parallel()
	received := make(chan struct{}, 1)
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "50")
		respond(503, "application/json", "")(w, r)
		received <- struct{}{}
	})
	ctx, cancel := context.WithCancel(background(t))
	go func() {
		<-received
		cancel()
	}()
	_, err := p.client(t).ReadOrganization(ctx, 7)
	var e *Error
	if !errors.As(err, &e) || e.Kind != rest.KindCanceled || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	elsewhere := newPlatform(t, respond(200, "application/json", `{"id":7,"name":"x","settings":{}}`))
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/organizations/7":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/moved":
			respond(200, "application/json", `{"id":7,"name":"x","settings":{}}`)(w, r)
		default:
			http.Redirect(w, r, elsewhere.URL+"/steal?x=canary", http.StatusTemporaryRedirect)
		}
	})
	client := p.client(t)
	if _, err := client.ReadOrganization(background(t), 7); err != nil {
		t.Errorf("within the host: %v", err)
	}
	for name, call := range map[string]func() error{
		"read":   func() error { _, err := client.ReadOrganization(background(t), 8); return err },
		"create": func() error { _, err := client.CreateOrganization(background(t), "x", nil); return err },
		"delete": func() error { return client.DeleteOrganization(background(t), 8) },
	} {
		err := call()
		var e *Error
		if !errors.As(err, &e) || e.Kind != rest.KindRedirect || !strings.Contains(e.Message, elsewhere.URL) || strings.Contains(e.Message, "canary") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := elsewhere.count(http.MethodGet) + elsewhere.count(http.MethodPost); got != 0 {
		t.Errorf("the other host got %d requests", got)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"localhost:8082", "ftp://x", "http://", "http://:8082", "://", "http://a b", "https://user:canary@x", "http://x?a=b", "http://x:99999", "http://x:0", "http://x#y", "", "http://x/api/v1", "https://x/prefix/api/v1/"} {
		_, err := New(Config{Host: host, Token: "t"})
		var wrong *rest.ConfigError
		if !errors.As(err, &wrong) || wrong.Field != "Host" || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: got %v", host, err)
		}
	}
}

func TestPrivateCA(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(respond(200, "application/json", `{"id":7,"name":"x","settings":{}}`))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = nil
	trusted := pemOf(server.Certificate().Raw)
	for name, test := range map[string]struct {
		cfg  Config
		good bool
	}{
		"unknown authority": {Config{Host: server.URL}, false},
		"private authority": {Config{Host: server.URL, CACertificate: trusted}, true},
		"wrong host name":   {Config{Host: strings.Replace(server.URL, "127.0.0.1", "localhost", 1), CACertificate: trusted}, false},
		"not verified":      {Config{Host: server.URL, InsecureSkipVerify: true}, true},
	} {
		test.cfg.Token, test.cfg.MaxRetries, test.cfg.RetryWait = "t", 4, time.Minute
		client, err := New(test.cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.ReadOrganization(background(t), 7)
		client.rest.CloseIdleConnections()
		if (err == nil) != test.good {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := New(Config{Host: server.URL, Token: "t", CACertificate: []byte("nothing")})
	var wrong *rest.ConfigError
	if !errors.As(err, &wrong) || wrong.Field != "CACertificate" {
		t.Errorf("got %v", err)
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, failing(1, http.MethodPost, 429, respond(200, "text/plain", "canary-ref")))
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(background(t), &output)
	_, err := p.client(t, func(cfg *Config) { cfg.Token = "canary-token" }).UploadFile(ctx, Upload{
		FileKey: FileKey{OrganizationID: 4711, Type: "unlisted", Ref: "canary-query"}, Name: "canary-name", Size: 6,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("canary")), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(output.String(), "canary") || strings.Contains(output.String(), "4711") {
		t.Errorf("a log shows a value: %s", output.String())
	}
	lines, err := tflogtest.MultilineJSONDecode(strings.NewReader(output.String()))
	if err != nil || len(lines) != 2 {
		t.Fatalf("got %d lines, %v", len(lines), err)
	}
	for i, line := range lines {
		if line["method"] != "POST" || line["path"] != "/api/v1/organizations/{id}/file" || line["attempt"] != float64(i+1) {
			t.Errorf("got %v", line)
		}
		for _, field := range []string{"status", "duration_ms", "request_bytes"} {
			if line[field] == nil {
				t.Errorf("no %s in %v", field, line)
			}
		}
	}
}

func TestUpdateKeepsUnknownSettings(t *testing.T) {
	t.Parallel()
	const big = "123456789012345678901234567890.5"
	var puts atomic.Int64
	stored := `{"maxItemCount":5,"maxTimePerTask":9,"new":` + big + `,"classMappingFiles":[{"ref":"a","later":true}]}`
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			var body struct {
				Settings json.RawMessage `json:"settings"`
			}
			_ = json.NewDecoder(r.Body).Decode(&body)
			if puts.Add(1) == 1 {
				// Another client's write between the attempts must survive too.
				stored = `{"maxItemCount":5,"maxTimePerTask":9,"new":` + big + `,"classMappingFiles":[{"ref":"a","later":true},{"ref":"b"}]}`
				respond(503, "application/json", "")(w, r)
				return
			}
			stored = string(body.Settings)
		}
		respond(200, "application/json", `{"id":7,"name":"x","settings":`+stored+`}`)(w, r)
	})
	org, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{
		Name: "x", Settings: Settings{MaxItemCount: new(int64(6))},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"classMappingFiles":[{"ref":"a","later":true},{"ref":"b"}],"maxItemCount":6,"maxTimePerTask":9,"new":` + big + `}`; stored != want {
		t.Errorf("got  %s\nwant %s", stored, want)
	}
	if *org.Settings.MaxItemCount != 6 || p.count(http.MethodGet) != 2 {
		t.Errorf("got %+v after %d reads", org.Settings, p.count(http.MethodGet))
	}
}

func TestUpdateWithoutChangesWritesNothing(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(200, "application/json", `{"id":7,"name":"x","settings":{"disabledFeatures":["B","A"]}}`))
	_, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{
		Name: "x", Settings: Settings{DisabledFeatures: []string{"A", "B"}},
	})
	if err != nil || p.count(http.MethodPut) != 0 {
		t.Errorf("got %v and %d writes", err, p.count(http.MethodPut))
	}
}

func TestUploadIsRetriedFromTheStart(t *testing.T) {
	t.Parallel()
	var bodies atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		content, _ := io.ReadAll(file)
		if string(content) != "hello" || header.Filename != `ü "x".csv` || header.Header.Get("Content-Type") != "text/csv" || r.ContentLength <= 0 {
			t.Errorf("got %q as %q, %v, length %d", content, header.Filename, header.Header, r.ContentLength)
		}
		if bodies.Add(1) == 1 {
			respond(429, "", "")(w, r)
			return
		}
		respond(200, "application/json", `"new-ref"`)(w, r)
	})
	uploaded, err := p.client(t).UploadFile(background(t), Upload{
		FileKey: FileKey{OrganizationID: 7, Type: "unlisted"}, Name: `ü "x".csv`, ContentType: "text/csv", Size: 5,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hello")), nil },
	})
	if err != nil || uploaded.Ref != "new-ref" {
		t.Errorf("got %+v, %v", uploaded, err)
	}
}

func TestLocalErrorsAreReturnedUnchanged(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		respond(200, "text/plain", "some content")(w, r)
	})
	client, localErr := p.client(t), errors.New("my own")
	upload := Upload{FileKey: FileKey{OrganizationID: 7, Type: "unlisted"}, Size: 5}
	upload.Open = func() (io.ReadCloser, error) { return nil, localErr }
	if _, err := client.UploadFile(background(t), upload); !errors.Is(err, localErr) {
		t.Errorf("open: got %v", err)
	}
	upload.Open = func() (io.ReadCloser, error) { return io.NopCloser(failingReader{localErr}), nil }
	if _, err := client.UploadFile(background(t), upload); !errors.Is(err, localErr) {
		t.Errorf("read: got %v", err)
	}
	err := client.DownloadFile(background(t), upload.FileKey, func(string, io.Reader) error { return localErr })
	if !errors.Is(err, localErr) {
		t.Errorf("sink: got %v", err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
