// Package guardai is a client of the GuardAI API: the sixteen organization
// calls and login. It knows nothing of Terraform; what it is careful about is
// what any caller needs: it retries only what can be repeated, logs in once for
// all, never trusts an answer, and lets no secret into an error or a log.
package guardai

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// DefaultHost is the server that the vendor's OpenAPI document names.
	DefaultHost = "http://localhost:8082"
	// DefaultMaxRetries is how often a failed attempt is repeated.
	DefaultMaxRetries = 4
	// DefaultRequestTimeout bounds the silence of one attempt.
	DefaultRequestTimeout = 30 * time.Second
)

// Config says which platform to talk to, as whom, and how patiently. Either
// Token or both of APIKeyID and APIKey must be set.
type Config struct {
	// Host is the base URL; it may carry a path prefix. Empty: DefaultHost.
	Host string
	// APIKeyID and APIKey are traded for a JWT at the first request.
	APIKeyID, APIKey string
	// Token is a ready JWT. It is used as it is and can't be renewed.
	Token string
	// MaxRetries is how often a failed attempt is repeated; 0 turns retrying off.
	MaxRetries int
	// RequestTimeout is how long an attempt may go without a byte moving in
	// either direction. It does not bound a whole transfer. 0: DefaultRequestTimeout.
	RequestTimeout time.Duration
	// CACertificate holds PEM certificates that are trusted beside the system's.
	CACertificate []byte
	// InsecureSkipVerify turns the verification of the server's certificate off.
	InsecureSkipVerify bool
	// UserAgent is sent with every request.
	UserAgent string
	// Interrupted ends every call once it is over, as if the caller had canceled it.
	// nil: nothing interrupts.
	Interrupted context.Context //nolint:containedctx // It lives as long as the client does.
	// RetryWait is the base of the exponential backoff. 0: half a second.
	RetryWait time.Duration
}

// ConfigError is a Config that can't be used. Field is the name of the field
// of Config that is to blame, Problem a sentence without it.
type ConfigError struct {
	Field, Problem string
}

func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s: %s", e.Field, e.Problem)
}

// Client talks to one platform as one user. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	http      *http.Client
	userAgent string
	retry     retryPolicy
	// interrupted is Config.Interrupted.
	interrupted context.Context //nolint:containedctx // It lives as long as the client does.
	auth        *authenticator
	secrets     *secrets
	reads       *organizationReads
	// locks has a key for each organization.
	locks    *keyedLocks[int64]
	created  *creations[*Organization]
	uploaded *creations[foundFile]
	listings *listings
}

// New checks cfg and returns a client for it. It sends nothing: the first
// request logs in. The error is a *ConfigError.
func New(cfg Config) (*Client, error) {
	base, err := ParseHost(cfg.Host)
	if err != nil {
		return nil, err
	}
	if err := checkCredentials(cfg); err != nil {
		return nil, err
	}
	transport, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base:      base,
		http:      &http.Client{Transport: transport, CheckRedirect: sameOriginOnly},
		userAgent: cfg.UserAgent, interrupted: cfg.Interrupted,
		retry:   newRetryPolicy(cfg),
		secrets: newSecrets(cfg.APIKey, cfg.Token),
		locks:   newKeyedLocks[int64](),
	}
	c.auth = newAuthenticator(c, cfg)
	c.reads = newOrganizationReads(c)
	c.created = newCreations[*Organization](c)
	c.uploaded = newCreations[foundFile](c)
	c.listings = newListings()
	return c, nil
}

func checkCredentials(cfg Config) error {
	switch {
	case cfg.Token != "" && !isHeaderValue(cfg.Token):
		return &ConfigError{Field: "Token", Problem: "it holds white space or control characters, such as a newline at its end, which trimspace() removes"}
	case cfg.Token != "":
		return nil
	case cfg.APIKeyID == "" && cfg.APIKey == "":
		return &ConfigError{Field: "APIKey", Problem: "there are no credentials: an API key (its id and the key) or a token is needed"}
	case cfg.APIKeyID == "":
		return &ConfigError{Field: "APIKeyID", Problem: "an API key is set without its id"}
	case cfg.APIKey == "":
		return &ConfigError{Field: "APIKey", Problem: "an API key id is set without the key"}
	}
	return nil
}

// isHeaderValue says whether a token can be sent.
func isHeaderValue(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// ParseHost checks and parses a base URL. Empty means DefaultHost. The error is
// a *ConfigError for Host; it never repeats user information of the URL.
func ParseHost(host string) (*url.URL, error) {
	if host == "" {
		host = DefaultHost
	}
	problem := func(format string, args ...any) error {
		return &ConfigError{Field: "Host", Problem: fmt.Sprintf(format, args...)}
	}
	u, err := url.Parse(host)
	switch {
	case err != nil:
		return nil, problem("it is not a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, problem("it must start with http:// or https://")
	case u.Hostname() == "":
		return nil, problem("it names no host")
	case u.User != nil:
		return nil, problem("it must not hold a user name or password")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, problem("it must not have a query or a fragment")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// do carries out one call, whatever number of attempts it takes, and logs in
// again once if the platform says 401 and an API key can answer that.
func (c *Client) do(ctx context.Context, call *call) error {
	ctx, done := c.interruptible(ctx)
	defer done()
	token, err := c.auth.token(ctx)
	if err != nil {
		return err
	}
	err = c.exchange(ctx, call, token)
	if !isStatus(err, http.StatusUnauthorized) || !c.auth.canLogIn() {
		return err
	}
	token, err = c.auth.renew(ctx, token)
	if err != nil {
		return err
	}
	if call.prepare != nil {
		if err := call.prepare(ctx); err != nil {
			return err
		}
	}
	return c.exchange(ctx, call, token)
}

// pastInterruption marks the context of calls that an interruption is no reason to
// leave out.
type pastInterruption struct{}

// interruptible is ctx until the client is interrupted.
func (c *Client) interruptible(ctx context.Context) (_ context.Context, done func()) {
	if c.interrupted == nil || ctx.Value(pastInterruption{}) != nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.interrupted, func() { cancel(context.Cause(c.interrupted)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// lingering is ctx for some time longer than its caller, or an interruption, allows.
func (c *Client) lingering(ctx context.Context, grace time.Duration) (_ context.Context, done func()) {
	lingering, cancel := context.WithCancelCause(context.WithValue(context.WithoutCancel(ctx), pastInterruption{}, true))
	endAfter := func(over context.Context) func() bool {
		return context.AfterFunc(over, func() {
			time.AfterFunc(grace, func() { cancel(context.Cause(over)) })
		})
	}
	leave := endAfter(ctx)
	stop := func() bool { return true }
	if c.interrupted != nil {
		stop = endAfter(c.interrupted)
	}
	return lingering, func() {
		leave()
		stop()
		cancel(nil)
	}
}
