// Package guardai is a client of the GuardAI API: the sixteen organization calls and login. It knows nothing of
// Terraform; what it is careful about is what any caller needs: it shares reads and logins, keeps writes of one
// organization apart, and finds out what became of a create whose response was lost. Package rest sends its requests.
package guardai

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

type (
	// Error is how every failed call ends.
	Error = rest.Error
	// ErrorKind says what went wrong with a call.
	ErrorKind = rest.ErrorKind
	// Cause is why a connection failed.
	Cause = rest.Cause
	// ConfigError is a Config that can't be used.
	ConfigError = rest.ConfigError
	// InvalidResponseError is for a response of success that isn't what it should be.
	InvalidResponseError = rest.InvalidResponseError
)

// The kinds of an Error.
const (
	KindStatus          = rest.KindStatus
	KindInvalidResponse = rest.KindInvalidResponse
	KindConnection      = rest.KindConnection
	KindRetryLater      = rest.KindRetryLater
	KindLogin           = rest.KindLogin
	KindCanceled        = rest.KindCanceled
	KindRedirect        = rest.KindRedirect
)

// Why connections fail (Error.Cause).
const (
	CauseBroken      = rest.CauseBroken
	CauseUnreachable = rest.CauseUnreachable
	CauseLookup      = rest.CauseLookup
	CauseUnknownHost = rest.CauseUnknownHost
	CauseTLS         = rest.CauseTLS
	CausePlainHTTP   = rest.CausePlainHTTP
	CauseTimeout     = rest.CauseTimeout
)

// Defaults of Config.
const (
	DefaultMaxRetries     = rest.DefaultMaxRetries
	DefaultRequestTimeout = rest.DefaultRequestTimeout
)

// Config says which platform to talk to, as whom, and how patiently. Host is required, and either Token or both of
// APIKeyID and APIKey. The rest is rest.Config's.
type Config struct {
	Host string
	// APIKeyID and APIKey are traded for a JWT at the first request.
	APIKeyID, APIKey string
	// Token is a ready JWT. It is used as it is and can't be renewed.
	Token                string
	MaxRetries           int
	RetryWait            time.Duration
	MaxRequestsPerSecond float64
	RequestTimeout       time.Duration
	CACertificate        []byte
	InsecureSkipVerify   bool
	UserAgent            string
}

// Client talks to one platform as one user. It is safe for use by several goroutines at once.
type Client struct {
	rest          *rest.Client
	auth          *authenticator
	cache         *organizationCache
	locks         *organizationLocks
	organizations createTracker[string]
	files         createTracker[fileName]
	// listings has, for each organization, the references of the files that it listed before this run sent it the first,
	// or nil where they couldn't be read in time: what an upload made whose response was lost isn't among them.
	listings sync.Map
}

// New checks cfg and returns a client for it. It sends nothing: the first request logs in. A cfg that can't be used
// is a *ConfigError.
func New(cfg Config) (*Client, error) {
	requests, err := rest.New(rest.Config{
		Host: cfg.Host, MaxRetries: cfg.MaxRetries, RetryWait: cfg.RetryWait, MaxRequestsPerSecond: cfg.MaxRequestsPerSecond,
		RequestTimeout: cfg.RequestTimeout, CACertificate: cfg.CACertificate, InsecureSkipVerify: cfg.InsecureSkipVerify,
		UserAgent: cfg.UserAgent,
	})
	if err != nil {
		return nil, err
	}
	if err := checkCredentials(cfg); err != nil {
		return nil, err
	}
	requests.AddSecret(cfg.APIKey)
	requests.AddSecret(cfg.Token)
	c := &Client{
		rest: requests,
		auth: &authenticator{
			jwt: cfg.Token, canLogIn: cfg.Token == "",
			login: func(ctx context.Context) (string, error) { return login(ctx, requests, cfg.APIKeyID, cfg.APIKey) },
		},
		locks:         newOrganizationLocks(cfg.Host),
		organizations: createTracker[string]{backoff: requests.Backoff},
		files:         createTracker[fileName]{backoff: requests.Backoff},
	}
	c.cache = newOrganizationCache(c.ReadOrganization, func(ctx context.Context) ([]*Organization, error) {
		all, _, err := c.readOrganizations(ctx)
		return all, err
	})
	return c, nil
}

func checkCredentials(cfg Config) error {
	const (
		unsendable = "it holds white space or control characters, such as a newline at its end, which trimspace() removes"
		untrimmed  = "it begins or ends with white space, such as a newline at its end, which trimspace() removes"
	)
	problem := func(field, problem string) error { return &ConfigError{Field: field, Problem: problem} }
	switch {
	case cfg.Token != "" && !isHeaderValue(cfg.Token):
		return problem("Token", unsendable)
	case cfg.Token != "":
		return nil
	case cfg.APIKeyID == "" && cfg.APIKey == "":
		return problem("APIKey", "there are no credentials: an API key (its id and the key) or a token is needed")
	case cfg.APIKeyID == "":
		return problem("APIKeyID", "an API key is set without its id")
	case cfg.APIKey == "":
		return problem("APIKey", "an API key id is set without the key")
	case strings.TrimSpace(cfg.APIKeyID) != cfg.APIKeyID:
		return problem("APIKeyID", untrimmed)
	case strings.TrimSpace(cfg.APIKey) != cfg.APIKey:
		return problem("APIKey", untrimmed)
	}
	return nil
}

// isHeaderValue says whether a token can be sent.
func isHeaderValue(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// fetch carries out a request, and logs in again once if the platform says 401 and there is an API key for that.
func fetch[T any](ctx context.Context, c *Client, req *rest.Request, decode func(*rest.Response) (T, error)) (T, error) {
	var none T
	token, err := c.auth.token(ctx)
	if err != nil {
		return none, c.waited(ctx, req, err)
	}
	value, err := rest.Fetch(ctx, c.rest, req, token, decode)
	if !rest.IsStatus(err, http.StatusUnauthorized) || !c.auth.canLogIn {
		return value, err
	}
	if token, err = c.auth.renew(ctx, token); err != nil {
		return none, c.waited(ctx, req, err)
	}
	return rest.Fetch(ctx, c.rest, req, token, decode)
}

// waited names the request whose caller was canceled while it waited for something else: a login, a read that others
// wait for too, or a lock.
func (c *Client) waited(ctx context.Context, req *rest.Request, err error) error {
	if _, named := errors.AsType[*Error](err); err == nil || named || ctx.Err() == nil {
		return err
	}
	return c.rest.Canceled(req, context.Cause(ctx))
}

// organizationRequest is a request below an organization's path.
func organizationRequest(method, suffix string, id int64) *rest.Request {
	return &rest.Request{
		Method: method, Path: organizationPath + suffix, PathValues: map[string]string{"id": strconv.FormatInt(id, 10)},
	}
}

// adminRequest is organizationRequest for what only administrators may do.
func adminRequest(method, suffix string, id int64) *rest.Request {
	req := organizationRequest(method, suffix, id)
	req.Admin = true
	return req
}

// IsNotFound says whether err is the platform's 404.
func IsNotFound(err error) bool { return rest.IsStatus(err, http.StatusNotFound) }

// IsForbidden says whether err is the platform's 403.
func IsForbidden(err error) bool { return rest.IsStatus(err, http.StatusForbidden) }

// isCanceled says whether a call ended because its caller gave up.
func isCanceled(ctx context.Context, err error) bool {
	return ctx.Err() != nil || isKind(err, KindCanceled)
}
