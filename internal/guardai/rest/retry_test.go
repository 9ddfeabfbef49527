package rest

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	status := func(code int) *Error { return &Error{Kind: KindStatus, Status: code} }
	broken := func(outcomeUnknown bool) *Error {
		return &Error{Kind: KindConnection, OutcomeUnknown: outcomeUnknown, Err: errors.New("reset")}
	}
	tests := map[string]struct {
		attempt attempt
		want    decision
	}{
		"GET 429":                {attempt{idempotent: true, readOnly: true, err: status(429)}, tryAgain},
		"GET 500":                {attempt{idempotent: true, readOnly: true, err: status(500)}, tryAgain},
		"GET 502":                {attempt{idempotent: true, readOnly: true, err: status(502)}, tryAgain},
		"GET 503":                {attempt{idempotent: true, readOnly: true, err: status(503)}, tryAgain},
		"GET 504":                {attempt{idempotent: true, readOnly: true, err: status(504)}, tryAgain},
		"GET 404":                {attempt{idempotent: true, readOnly: true, err: status(404)}, giveUp},
		"GET 501":                {attempt{idempotent: true, readOnly: true, err: status(501)}, giveUp},
		"GET connection":         {attempt{idempotent: true, readOnly: true, err: broken(true)}, tryAgain},
		"PUT 500":                {attempt{idempotent: true, err: status(500)}, giveUp},
		"PUT 502":                {attempt{idempotent: true, err: status(502)}, tryAgain},
		"PUT connection":         {attempt{idempotent: true, err: broken(true)}, tryAgain},
		"DELETE 500":             {attempt{idempotent: true, err: status(500)}, giveUp},
		"DELETE 504":             {attempt{idempotent: true, err: status(504)}, tryAgain},
		"DELETE 409":             {attempt{idempotent: true, err: status(409)}, giveUp},
		"POST 429":               {attempt{err: status(429)}, tryAgain},
		"POST 503":               {attempt{err: status(503)}, tryAgain},
		"POST 500":               {attempt{err: status(500)}, giveUp},
		"login 500":              {attempt{idempotent: true, readOnly: true, err: status(500)}, tryAgain},
		"POST 502":               {attempt{err: status(502)}, giveUp},
		"POST 504":               {attempt{err: status(504)}, giveUp},
		"POST never connected":   {attempt{err: broken(false)}, tryAgain},
		"POST sent and broken":   {attempt{err: broken(true)}, giveUp},
		"login 502":              {attempt{idempotent: true, readOnly: true, err: status(502)}, tryAgain},
		"login sent and broken":  {attempt{idempotent: true, readOnly: true, err: broken(true)}, tryAgain},
		"invalid response":       {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindInvalidResponse, Status: 200}}, giveUp},
		"redirect":               {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindRedirect, Status: 302}}, giveUp},
		"certificate":            {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindConnection, Cause: CauseTLS}}, giveUp},
		"host not found":         {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindConnection, Cause: CauseUnknownHost}}, giveUp},
		"host look-up failed":    {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindConnection, Cause: CauseLookup}}, tryAgain},
		"plain HTTP":             {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindConnection, Cause: CausePlainHTTP}}, giveUp},
		"timeout":                {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindConnection, Cause: CauseTimeout, OutcomeUnknown: true}}, tryAgain},
		"nobody there, third":    {attempt{idempotent: true, readOnly: true, unreachable: 3, err: &Error{Kind: KindConnection, Cause: CauseUnreachable}}, tryAgain},
		"nobody there, fourth":   {attempt{idempotent: true, readOnly: true, unreachable: 4, err: &Error{Kind: KindConnection, Cause: CauseUnreachable}}, giveUp},
		"POST nobody there":      {attempt{unreachable: 1, err: &Error{Kind: KindConnection, Cause: CauseUnreachable}}, tryAgain},
		"wait at the bound":      {attempt{idempotent: true, readOnly: true, requestedWait: time.Minute, err: status(503)}, tryAgain},
		"wait that is too long":  {attempt{idempotent: true, readOnly: true, requestedWait: 61 * time.Second, err: status(503)}, waitTooLong},
		"too long for a failure": {attempt{requestedWait: 61 * time.Second, err: status(404)}, giveUp},
		"canceled":               {attempt{idempotent: true, readOnly: true, err: &Error{Kind: KindCanceled}}, giveUp},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := decide(test.attempt); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	policy := newRetryPolicy(time.Second)
	for number, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 6: maxBackoff, 99: maxBackoff} {
		least := want - want/4
		if got := policy.wait(number, 0, 0); got != least {
			t.Errorf("attempt %d without jitter: got %s, want %s", number, got, least)
		}
		if got := policy.wait(number, 0, 0.999); got <= least || got > want {
			t.Errorf("attempt %d with jitter: got %s, want more than %s and at most %s", number, got, least, want)
		}
	}
	if got := policy.wait(1, 7*time.Second, 0); got != 7*time.Second {
		t.Errorf("got %s in place of the 7s that the platform asks for", got)
	}
	if got := policy.wait(4, time.Second, 0); got != 6*time.Second {
		t.Errorf("got %s, less than without a wait that the platform asks for", got)
	}
}

// The default retries outlast an outage of a minute, whatever the jitter.
func TestDefaultRetriesOutlastAMinute(t *testing.T) {
	t.Parallel()
	var least time.Duration
	for retry := range DefaultMaxRetries {
		least += newRetryPolicy(0).wait(retry+1, 0, 0)
	}
	if least <= time.Minute {
		t.Errorf("they may last only %s", least)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const noon = "Sun, 01 Mar 2026 12:00:00 GMT"
	for name, test := range map[string]struct {
		header, date string
		want         time.Duration
	}{
		"seconds":     {"7", "", 7 * time.Second},
		"zero":        {"0", "", 0},
		"date":        {"Sun, 01 Mar 2026 12:00:30 GMT", noon, 30 * time.Second},
		"past date":   {"Sun, 01 Mar 2026 11:00:00 GMT", noon, 0},
		"other clock": {"Sun, 01 Mar 2026 11:00:30 GMT", "Sun, 01 Mar 2026 11:00:00 GMT", 30 * time.Second},
		"nonsense":    {"soon", "", 0},
		"negative":    {"-5", "", 0},
		"none":        {"", noon, 0},
	} {
		resp := &http.Response{Header: http.Header{"Retry-After": {test.header}, "Date": {test.date}}}
		if got := retryAfter(resp); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}
