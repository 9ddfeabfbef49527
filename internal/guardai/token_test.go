package guardai

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestToken(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ends := now.Add(time.Hour).Truncate(time.Second)
	first, second := token(t, "first", ends), token(t, "second", ends)
	p, logins := authPlatform(t, []string{first, second}, func(string) bool { return true })
	client := p.client(t, withAPIKey)
	if _, err := client.ReadOrganization(background(t), 7); err != nil {
		t.Fatal(err)
	}
	checkToken(t, client, Token{first, ends})
	checkToken(t, client, Token{first, ends})
	if got := logins.Load(); got != 1 {
		t.Errorf("got %d logins, want the one that the read needed", got)
	}
	if half := client.auth.halfway; !half.After(now) || !half.Before(ends) {
		t.Errorf("half of its life is over at %s, between %s and %s", half, now, ends)
	}
	// The client's own requests would continue to use the token in the second half of its lifetime.
	client.auth.halfway = now
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { checkToken(t, client, Token{second, ends}) })
	}
	group.Wait()
	if got := logins.Load(); got != 2 {
		t.Errorf("got %d logins, want one more", got)
	}
}

func checkToken(t *testing.T, client *Client, want Token) {
	t.Helper()
	got, err := client.Token(background(t))
	if err != nil || got.JWT != want.JWT || !got.ExpiresAt.Equal(want.ExpiresAt) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestTokenWithoutExpiry(t *testing.T) {
	t.Parallel()
	for name, jwt := range map[string]string{"opaque": "opaque", "clocks differ": token(t, "past", time.Now().Add(-time.Hour))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, logins := authPlatform(t, []string{jwt}, func(string) bool { return true })
			client := p.client(t, withAPIKey)
			for range 2 {
				if got, err := client.Token(background(t)); err != nil || got.JWT != jwt {
					t.Errorf("got %+v, %v", got, err)
				}
			}
			if got := logins.Load(); got != 1 {
				t.Errorf("got %d logins, want 1", got)
			}
		})
	}
}

func TestConfiguredToken(t *testing.T) {
	t.Parallel()
	past := time.Now().Add(-time.Minute).Truncate(time.Second)
	for name, test := range map[string]struct {
		jwt     string
		expired bool
	}{
		"lasting": {jwt: token(t, "a", time.Now().Add(time.Minute))},
		"opaque":  {jwt: "opaque"},
		"expired": {token(t, "b", past), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusInternalServerError, "", ""))
			got, err := p.client(t, func(cfg *Config) { cfg.Token = test.jwt }).Token(background(t))
			expired, ok := errors.AsType[*ExpiredTokenError](err)
			if ok != test.expired || (ok && !expired.At.Equal(past)) || (!ok && got.JWT != test.jwt) {
				t.Errorf("got %+v, %v", got, err)
			}
			if p.count(http.MethodPost) != 0 {
				t.Error("the configured token was exchanged")
			}
		})
	}
}
