package rest

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultRetryWait = 500 * time.Millisecond
	// maxBackoff limits the waits that this client chooses.
	maxBackoff = 30 * time.Second
	// maxRetryAfter limits the waits that the platform can ask for. Beyond it, an error that says when to retry is more
	// useful.
	maxRetryAfter = 60 * time.Second
	// maxUnreachable is how many times an address that accepts no connections is retried.
	maxUnreachable = 3
)

type attempt struct {
	// idempotent is set if the request may be sent twice, and readOnly if it changes nothing.
	idempotent, readOnly bool
	// once is set if the request must not be sent twice whatever happened.
	once bool
	// unreachable counts the attempts so far that couldn't connect, including this one.
	unreachable int
	// requestedWait is the wait that the platform asks for.
	requestedWait time.Duration
	err           *Error
}

// decision is what to do after a failed attempt.
type decision int

const (
	giveUp decision = iota
	tryAgain
	// waitTooLong means that a retry would make sense, but the platform asks for a wait longer than maxRetryAfter.
	waitTooLong
)

// decide reports whether to retry. A request that isn't idempotent is retried only if the platform can't have carried
// it out.
func decide(a attempt) decision {
	retry := false
	switch a.err.Kind {
	case KindConnection:
		retry = (a.idempotent || !a.err.OutcomeUnknown) && !a.err.Cause.permanent() && a.unreachable <= maxUnreachable
	case KindStatus:
		retry = retryableStatus(a)
	default:
	}
	switch {
	case !retry || a.once:
		return giveUp
	case a.requestedWait > maxRetryAfter:
		return waitTooLong
	}
	return tryAgain
}

func retryableStatus(a attempt) bool {
	switch status := a.err.Status; {
	case status == http.StatusTooManyRequests:
		return true
	case status == http.StatusServiceUnavailable:
		return a.idempotent || !a.err.OutcomeUnknown
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout, isGatewayStatus(status):
		return a.idempotent
	case status == http.StatusInternalServerError:
		return a.readOnly
	}
	return false
}

// isGatewayStatus reports whether a status is one of those that Cloudflare and similar gateways send for a platform
// that they can't reach or that doesn't respond.
func isGatewayStatus(status int) bool { return status >= 520 && status <= 527 }

// retryPolicy computes the waits between attempts.
type retryPolicy struct{ first time.Duration }

func newRetryPolicy(first time.Duration) retryPolicy {
	if first <= 0 {
		first = defaultRetryWait
	}
	return retryPolicy{first}
}

// wait returns how long to wait after an attempt. attempt counts from 1. The wait doubles with each attempt, and a
// quarter of it is jitter, which keeps requests that failed together from being retried together. More jitter would
// make the default number of retries end within a minute at times. The wait is never shorter, even if the platform asks
// for less. jitter is in [0, 1).
func (p retryPolicy) wait(attempt int, requested time.Duration, jitter float64) time.Duration {
	wait := min(p.first<<min(attempt-1, 16), maxBackoff)
	return max(requested, wait-wait/4+time.Duration(jitter*float64(wait/4)))
}

func randomJitter() float64 {
	return rand.Float64() //nolint:gosec // Jitter spreads load; nothing depends on its being unpredictable.
}

// Backoff returns how long to wait after an attempt. attempt counts from 1.
func (c *Client) Backoff(attempt int) time.Duration {
	return c.retryPolicy.wait(attempt, 0, randomJitter())
}

// retryAfter returns the wait that a response asks for, or 0. It compares a date with the response's own Date header,
// if there is one.
func retryAfter(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	now := responseDate(resp)
	if now.IsZero() {
		now = time.Now()
	}
	return parseRetryAfter(resp.Header.Get("Retry-After"), now)
}

// responseDate returns the Date header, or the zero time.
func responseDate(resp *http.Response) time.Time {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// parseRetryAfter parses a Retry-After header in either form of RFC 9110: seconds or an HTTP date. An invalid header
// counts as absent.
func parseRetryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		const farAway = 100 * 365 * 24 * 60 * 60
		return time.Duration(min(max(seconds, 0), farAway)) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
