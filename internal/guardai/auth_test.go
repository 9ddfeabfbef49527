package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func withAPIKey(cfg *Config) { cfg.Token, cfg.APIKeyID, cfg.APIKey = "", "id", "canary-key" }

// authPlatform returns the tokens in order, one for each login, and then repeats the last one. accept reports whether
// it accepts an Authorization header.
func authPlatform(t *testing.T, tokens []string, accept func(token string) bool) (*platform, *atomic.Int64) {
	t.Helper()
	var logins atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/login" {
			n := int(logins.Add(1))
			respond(http.StatusOK, "application/json", fmt.Sprintf(`{"jwt":%q}`, tokens[min(n, len(tokens))-1]))(w, r)
			return
		}
		if !accept(r.Header.Get("Authorization")) {
			respond(http.StatusUnauthorized, "application/json", `{"message":"expired"}`)(w, r)
			return
		}
		respond(http.StatusOK, "application/json", `{"id":7,"name":"x","settings":{}}`)(w, r)
	})
	return p, &logins
}

func TestConcurrentRequestsShareALogin(t *testing.T) {
	t.Parallel()
	p, logins := authPlatform(t, []string{"first", "second"}, func(header string) bool { return header == "Bearer second" })
	client := p.client(t, withAPIKey)
	ctx := background(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := client.ReadOrganization(ctx, 7); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := logins.Load(); got != 2 {
		t.Errorf("got %d logins, want one at first and one after the 401s", got)
	}
}

func TestRejectedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	p, logins := authPlatform(t, []string{"never"}, func(string) bool { return false })
	_, err := p.client(t, withAPIKey).ReadOrganization(background(t), 7)
	if !rest.IsStatus(err, http.StatusUnauthorized) {
		t.Fatalf("got %v, want a 401", err)
	}
	if got := logins.Load(); got != 2 {
		t.Errorf("got %d logins, want 2", got)
	}
}

func TestConfiguredTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	p, logins := authPlatform(t, []string{"x"}, func(string) bool { return false })
	_, err := p.client(t).ReadOrganization(background(t), 7)
	if !rest.IsStatus(err, http.StatusUnauthorized) || logins.Load() != 0 {
		t.Errorf("got %v after %d logins, want a 401 after none", err, logins.Load())
	}
}

func TestTokenIsRenewedBeforeExpiry(t *testing.T) {
	t.Parallel()
	ending := token(t, "ending", time.Now().Add(2*time.Second))
	lasting := token(t, "lasting", time.Now().Add(time.Hour))
	p, logins := authPlatform(t, []string{ending, lasting}, func(header string) bool { return header != "" })
	client := p.client(t, withAPIKey)
	ctx := background(t)
	for range 2 {
		if _, err := client.ReadOrganization(ctx, 7); err != nil {
			t.Fatal(err)
		}
	}
	if got := logins.Load(); got != 1 {
		t.Fatalf("got %d logins while the token lasts, want 1", got)
	}
	client.auth.renewBefore = time.Now()
	if _, err := client.ReadOrganization(ctx, 7); err != nil {
		t.Fatal(err)
	}
	if current, _ := client.auth.current(); logins.Load() != 2 || current != lasting {
		t.Errorf("got %d logins, want a second one for the token that ends", logins.Load())
	}
}

func TestTimeOfRenewal(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	tests := map[string]struct {
		token string
		// lasts is how long requests carry the token; 0 if they do until the platform rejects it.
		lasts time.Duration
	}{
		"an hour":        {token(t, "a", now.Add(time.Hour)), time.Hour - loginMargin},
		"a minute":       {token(t, "b", now.Add(time.Minute)), 45 * time.Second},
		"clocks differ":  {token(t, "c", now.Add(-time.Minute)), 0},
		"not a JWT":      {"opaque", 0},
		"JWT of garbage": {"a.b.c", 0},
	}
	for name, test := range tests {
		a := &authenticator{canLogIn: true, login: func(context.Context) (string, error) { return test.token, nil }}
		if _, err := a.token(background(t)); err != nil {
			t.Fatal(err)
		}
		lasts := time.Duration(0)
		if !a.renewBefore.IsZero() {
			lasts = a.renewBefore.Sub(now)
		}
		// The login took some of the token's lifetime.
		if lasts < test.lasts || lasts > test.lasts+time.Second {
			t.Errorf("%s: it lasts %s, want %s", name, lasts, test.lasts)
		}
	}
}

func TestRejectedAPIKeyIsTriedOnce(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusUnauthorized, "application/json", `{"message":"bad key canary-key"}`))
	client := p.client(t, withAPIKey)
	for range 3 {
		_, err := client.ReadOrganization(background(t), 7)
		var e *Error
		if !errors.As(err, &e) || e.Kind != rest.KindLogin || e.Message != "bad key ***" {
			t.Fatalf("got %v", err)
		}
	}
	if got := p.count(http.MethodPost); got != 1 {
		t.Errorf("got %d logins, want 1", got)
	}
}

func TestInvalidLoginResponses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"no jwt": `{"name":"x"}`, "empty jwt": `{"jwt":""}`, "a number": `{"jwt":5}`, "null": "null", "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusOK, "application/json", body))
			_, err := p.client(t, withAPIKey).ReadOrganization(background(t), 7)
			var e *Error
			if !errors.As(err, &e) || e.Kind != rest.KindInvalidResponse || e.Path != "/api/v1/login" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLoginErrorIsNotTheRequests(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 500, 502} {
		p := newPlatform(t, respond(status, "application/json", `{"message":"no"}`))
		_, err := p.client(t, withAPIKey).CreateOrganization(background(t), "x", nil)
		e, ok := errors.AsType[*Error](err)
		if !ok || IsNotFound(err) || e.OutcomeUnknown {
			t.Errorf("%d: got %+v", status, err)
		}
	}
}

func TestLaterLoginReturnsTheNewToken(t *testing.T) {
	t.Parallel()
	p, logins := authPlatform(t, []string{"first", "second"}, func(header string) bool { return header != "" })
	client := p.client(t, withAPIKey)
	for range 2 {
		// Both callers saw no token. The second one runs after the first one's login.
		if got, err := client.auth.logIn(background(t), ""); err != nil || got != "first" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if got := logins.Load(); got != 1 {
		t.Errorf("got %d logins, want 1", got)
	}
}

func TestTokensInvalidInAHeader(t *testing.T) {
	t.Parallel()
	_, err := New(Config{Host: "http://localhost", Token: "secret\n"})
	if wrong, ok := errors.AsType[*rest.ConfigError](err); !ok || wrong.Field != "Token" {
		t.Errorf("got %v", err)
	}
	p := newPlatform(t, respond(http.StatusOK, "application/json", `{"jwt":"two\nlines"}`))
	_, err = p.client(t, withAPIKey).ReadOrganization(background(t), 7)
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != rest.KindInvalidResponse {
		t.Errorf("got %v", err)
	}
}
