package guardai

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	policy := retryPolicy{maxRetries: 4, wait: time.Second}
	status := func(code int) error { return &Error{Kind: KindStatus, Status: code} }
	broken := func(unanswered bool) error {
		return &Error{Kind: KindConnection, Unanswered: unanswered, Err: errors.New("reset")}
	}
	const get, put, post, del = http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete
	tests := map[string]struct {
		attempt attempt
		want    decision
	}{
		"GET 429":                  {attempt{method: get, status: 429, err: status(429)}, decision{retry: true, wait: time.Second / 2}},
		"GET 500":                  {attempt{method: get, status: 500, err: status(500)}, decision{retry: true, wait: time.Second / 2}},
		"GET 502":                  {attempt{method: get, status: 502, err: status(502)}, decision{retry: true, wait: time.Second / 2}},
		"GET 503":                  {attempt{method: get, status: 503, err: status(503)}, decision{retry: true, wait: time.Second / 2}},
		"GET 504":                  {attempt{method: get, status: 504, err: status(504)}, decision{retry: true, wait: time.Second / 2}},
		"GET 404":                  {attempt{method: get, status: 404, err: status(404)}, decision{}},
		"GET 501":                  {attempt{method: get, status: 501, err: status(501)}, decision{}},
		"GET connection":           {attempt{method: get, err: broken(true)}, decision{retry: true, wait: time.Second / 2}},
		"PUT 500":                  {attempt{method: put, status: 500, err: status(500)}, decision{}},
		"PUT 502":                  {attempt{method: put, status: 502, err: status(502)}, decision{retry: true, wait: time.Second / 2}},
		"PUT connection":           {attempt{method: put, err: broken(true)}, decision{retry: true, wait: time.Second / 2}},
		"DELETE 500":               {attempt{method: del, status: 500, err: status(500)}, decision{}},
		"DELETE 504":               {attempt{method: del, status: 504, err: status(504)}, decision{retry: true, wait: time.Second / 2}},
		"DELETE 409":               {attempt{method: del, status: 409, err: status(409)}, decision{}},
		"POST 429":                 {attempt{method: post, status: 429, err: status(429)}, decision{retry: true, wait: time.Second / 2}},
		"POST 503":                 {attempt{method: post, status: 503, err: status(503)}, decision{retry: true, wait: time.Second / 2}},
		"POST 500":                 {attempt{method: post, status: 500, err: status(500)}, decision{}},
		"login 500":                {attempt{method: post, repeatable: true, status: 500, err: status(500)}, decision{retry: true, wait: time.Second / 2}},
		"POST 502":                 {attempt{method: post, status: 502, err: status(502)}, decision{}},
		"POST 504":                 {attempt{method: post, status: 504, err: status(504)}, decision{}},
		"POST never connected":     {attempt{method: post, err: broken(false)}, decision{retry: true, wait: time.Second / 2}},
		"POST sent and broken":     {attempt{method: post, err: broken(true)}, decision{}},
		"login 502":                {attempt{method: post, repeatable: true, status: 502, err: status(502)}, decision{retry: true, wait: time.Second / 2}},
		"login sent and broken":    {attempt{method: post, repeatable: true, err: broken(true)}, decision{retry: true, wait: time.Second / 2}},
		"unusable answer":          {attempt{method: get, status: 200, err: &Error{Kind: KindAnswer, Status: 200}}, decision{}},
		"redirect":                 {attempt{method: get, status: 302, err: &Error{Kind: KindRedirect, Status: 302}}, decision{}},
		"certificate":              {attempt{method: get, err: &Error{Kind: KindConnection, Err: x509.UnknownAuthorityError{}}}, decision{}},
		"an error of this side":    {attempt{method: get, err: errors.New("no such file")}, decision{}},
		"third attempt":            {attempt{method: get, number: 3, status: 503, err: status(503)}, decision{retry: true, wait: 2 * time.Second}},
		"last attempt":             {attempt{method: get, number: 5, status: 503, err: status(503)}, decision{}},
		"Retry-After seconds":      {attempt{method: post, status: 429, retryAfter: "7", err: status(429)}, decision{retry: true, wait: 7 * time.Second}},
		"Retry-After zero":         {attempt{method: get, status: 503, retryAfter: "0", err: status(503)}, decision{retry: true, wait: time.Second / 2}},
		"Retry-After date":         {attempt{method: get, status: 503, retryAfter: "Sun, 01 Mar 2026 12:00:30 GMT", err: status(503)}, decision{retry: true, wait: 30 * time.Second}},
		"Retry-After past date":    {attempt{method: get, status: 503, retryAfter: "Sun, 01 Mar 2026 11:00:00 GMT", err: status(503)}, decision{retry: true, wait: time.Second / 2}},
		"Retry-After other clock":  {attempt{method: get, status: 503, retryAfter: "Sun, 01 Mar 2026 11:00:30 GMT", date: time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC), err: status(503)}, decision{retry: true, wait: 30 * time.Second}},
		"Retry-After at the bound": {attempt{method: get, status: 503, retryAfter: "60", err: status(503)}, decision{retry: true, wait: time.Minute}},
		"Retry-After too long":     {attempt{method: get, status: 503, retryAfter: "61", err: status(503)}, decision{tooLong: true, wait: 61 * time.Second}},
		"too long at the end":      {attempt{method: get, number: 5, status: 503, retryAfter: "61", err: status(503)}, decision{tooLong: true, wait: 61 * time.Second}},
		"host not found":           {attempt{method: get, err: &Error{Kind: KindConnection, Err: &net.DNSError{IsNotFound: true}}}, decision{}},
		"host look-up failed":      {attempt{method: get, err: &Error{Kind: KindConnection, Err: &net.DNSError{}}}, decision{retry: true, wait: time.Second / 2}},
		"Retry-After nonsense":     {attempt{method: get, status: 503, retryAfter: "soon", err: status(503)}, decision{retry: true, wait: time.Second / 2}},
		"Retry-After negative":     {attempt{method: get, status: 503, retryAfter: "-5", err: status(503)}, decision{retry: true, wait: time.Second / 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.attempt.number == 0 {
				test.attempt.number = 1
			}
			if got := policy.decide(test.attempt, now, 0); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	policy := retryPolicy{maxRetries: 100, wait: time.Second}
	for number, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 6: maxBackoff, 99: maxBackoff} {
		if got := policy.backoff(number, 0); got != want/2 {
			t.Errorf("attempt %d without jitter: got %s, want %s", number, got, want/2)
		}
		if got := policy.backoff(number, 0.999); got <= want/2 || got > want {
			t.Errorf("attempt %d with jitter: got %s, want more than %s and at most %s", number, got, want/2, want)
		}
	}
}

func TestNoRetriesWhenTurnedOff(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, answer(http.StatusServiceUnavailable, "application/json", `{"message":"busy"}`))
	client := p.client(t, func(cfg *Config) { cfg.MaxRetries = 0 })
	if _, err := client.ReadOrganization(background(t), 1); !isStatus(err, http.StatusServiceUnavailable) {
		t.Fatalf("got %v, want a 503", err)
	}
	if got := p.count(http.MethodGet); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}
