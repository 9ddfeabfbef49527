package guardai

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultRetryWait = 500 * time.Millisecond
	// maxBackoff bounds the waits that this client chooses itself.
	maxBackoff = 30 * time.Second
	// maxRetryAfter bounds the waits that the platform may ask for: past it, the
	// user is better served by an error that says when to come back.
	maxRetryAfter = 60 * time.Second
)

// retryPolicy decides whether, and when, a failed attempt is repeated.
type retryPolicy struct {
	maxRetries int
	wait       time.Duration
}

func newRetryPolicy(cfg Config) retryPolicy {
	policy := retryPolicy{maxRetries: max(cfg.MaxRetries, 0), wait: cfg.RetryWait}
	if policy.wait <= 0 {
		policy.wait = defaultRetryWait
	}
	return policy
}

// attempt is one try of a call and how it ended.
type attempt struct {
	method string
	// repeatable marks a POST that changes nothing.
	repeatable bool
	// number counts the tries of the call, from 1.
	number int
	// status is the answer's HTTP status, 0 where there was none.
	status int
	// retryAfter is the answer's header, and date when it was given, by the platform's
	// clock; the zero time where it doesn't tell.
	retryAfter string
	date       time.Time
	// err is what the try failed with.
	err error
}

// decision is what to do after a failed attempt.
type decision struct {
	retry bool
	wait  time.Duration
	// tooLong says that a retry would make sense, but only after a wait that is
	// longer than maxRetryAfter.
	tooLong bool
}

// decide is a pure function of its arguments but for the jitter, which is a
// number in [0, 1).
func (p retryPolicy) decide(a attempt, now time.Time, jitter float64) decision {
	if !worthRepeating(a) {
		return decision{}
	}
	if !a.date.IsZero() {
		now = a.date
	}
	wait, asked := parseRetryAfter(a.retryAfter, now)
	switch {
	case asked && wait > maxRetryAfter:
		return decision{tooLong: true, wait: wait}
	case a.number > p.maxRetries:
		return decision{}
	}
	// A platform that asks for no wait at all, or has a clock that is ahead, doesn't
	// mean that everybody is to come back at once.
	return decision{retry: true, wait: max(wait, p.backoff(a.number, jitter))}
}

// worthRepeating says whether a second try may do better and can do no harm. A
// POST is repeated only where the first can't have been carried out.
func worthRepeating(a attempt) bool {
	var e *Error
	if !errors.As(a.err, &e) || isPermanent(a.err) {
		return false
	}
	safe := a.method != http.MethodPost || a.repeatable
	switch e.Kind {
	case KindConnection:
		return safe || !e.Unanswered
	case KindStatus:
		return worthRepeatingStatus(a, safe)
	default:
		return false
	}
}

func worthRepeatingStatus(a attempt, safe bool) bool {
	switch a.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return safe
	case http.StatusInternalServerError:
		return a.method == http.MethodGet || a.repeatable
	}
	return false
}

// backoff doubles with each attempt. Half of it is jitter, so that requests
// which failed together don't come back together.
func (p retryPolicy) backoff(number int, jitter float64) time.Duration {
	wait := min(p.wait<<min(number-1, 16), maxBackoff)
	return wait/2 + time.Duration(jitter*float64(wait/2))
}

func randomJitter() float64 {
	return rand.Float64() //nolint:gosec // Jitter spreads load; nothing depends on its being unpredictable.
}

// parseRetryAfter reads a Retry-After header, in either form that RFC 9110
// knows: seconds or an HTTP date. Anything else counts as no header.
func parseRetryAfter(header string, now time.Time) (wait time.Duration, ok bool) {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		if seconds < 0 {
			return 0, false
		}
		const farAway = 100 * 365 * 24 * 60 * 60
		return time.Duration(min(seconds, farAway)) * time.Second, true
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0, false
	}
	return max(at.Sub(now), 0), true
}
