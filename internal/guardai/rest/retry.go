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
	// maxBackoff bounds the waits that this client chooses itself.
	maxBackoff = 30 * time.Second
	// maxRetryAfter bounds the waits that the platform may ask for: past it, the user is better served by an error
	// that says when to come back.
	maxRetryAfter = 60 * time.Second
	// maxUnreachable is how often an address where nobody is found is tried again.
	maxUnreachable = 3
)

// attempt is one try of a request and how it failed.
type attempt struct {
	// safe says that the request may be sent twice, and read that it changes nothing.
	safe, read bool
	// unreachable counts the request's attempts that found nobody, this one included.
	unreachable int
	// asked is the wait that the platform asks for.
	asked time.Duration
	err   *Error
}

// decision is what to do after a failed attempt.
type decision int

const (
	giveUp decision = iota
	tryAgain
	// tooLong is giving up although trying again would make sense, since the platform asks for a wait that is longer
	// than maxRetryAfter.
	tooLong
)

// decide says whether a second try may do better and can do no harm. What may not be sent twice is repeated only
// where the first attempt can't have been carried out.
func decide(a attempt) decision {
	again := false
	switch a.err.Kind {
	case KindConnection:
		again = (a.safe || !a.err.OutcomeUnknown) && !a.err.Cause.permanent() && a.unreachable <= maxUnreachable
	case KindStatus:
		again = repeatableStatus(a)
	default:
	}
	switch {
	case !again:
		return giveUp
	case a.asked > maxRetryAfter:
		return tooLong
	}
	return tryAgain
}

func repeatableStatus(a attempt) bool {
	switch a.err.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return a.safe
	case http.StatusInternalServerError:
		return a.read
	}
	return false
}

// retryPolicy chooses the waits between attempts.
type retryPolicy struct{ first time.Duration }

func newRetryPolicy(first time.Duration) retryPolicy {
	if first <= 0 {
		first = defaultRetryWait
	}
	return retryPolicy{first}
}

// wait is how long to wait after an attempt, counted from 1. It doubles with each, and half of it is jitter, so that
// requests which failed together don't come back together. A platform that asks for no wait at all, or has a clock
// that is ahead, doesn't mean that everybody is to come back at once. jitter is in [0, 1).
func (p retryPolicy) wait(number int, asked time.Duration, jitter float64) time.Duration {
	wait := min(p.first<<min(number-1, 16), maxBackoff)
	return max(asked, wait/2+time.Duration(jitter*float64(wait/2)))
}

func randomJitter() float64 {
	return rand.Float64() //nolint:gosec // Jitter spreads load; nothing depends on its being unpredictable.
}

// Backoff is the wait after a number of attempts, counted from 1.
func (c *Client) Backoff(number int) time.Duration { return c.policy.wait(number, 0, randomJitter()) }

// retryAfter is the wait that a response asks for, 0 where it asks for none. A date is compared with the platform's
// own clock, where it shows that.
func retryAfter(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	now := dateOf(resp)
	if now.IsZero() {
		now = time.Now()
	}
	return parseRetryAfter(resp.Header.Get("Retry-After"), now)
}

// dateOf is when a response was given by the platform's clock, zero where it doesn't say.
func dateOf(resp *http.Response) time.Time {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// parseRetryAfter reads a Retry-After header, in either form that RFC 9110 knows: seconds or an HTTP date. Anything
// else counts as no header.
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
