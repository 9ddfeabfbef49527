// Package guardai is a client for the organization calls and the login of the GuardAI API. It shares reads and logins
// between callers, serializes conflicting writes, and finds out what happened to a create whose response was lost. It
// knows nothing of Terraform. Package rest sends its requests.
package guardai

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

type (
	// Error is the error of a failed call.
	Error = rest.Error
	// ErrorKind classifies an Error.
	ErrorKind = rest.ErrorKind
	// Cause is why a connection failed.
	Cause = rest.Cause
	// ConfigError reports an invalid Config.
	ConfigError = rest.ConfigError
	// InvalidResponseError reports a successful response whose content is invalid.
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

// Config configures a Client. Host is required, and either Token or both APIKeyID and APIKey. The other fields are
// those of rest.Config.
type Config struct {
	Host string
	// APIKeyID and APIKey are exchanged for a JWT at the first request.
	APIKeyID, APIKey string
	// Token is a JWT to use in place of an API key. It can't be renewed.
	Token                string
	MaxRetries           int
	RetryWait            time.Duration
	MaxRequestsPerSecond float64
	RequestTimeout       time.Duration
	CACertificate        []byte
	InsecureSkipVerify   bool
	UserAgent            string
}

// Client calls one platform as one user. It is safe for concurrent use.
type Client struct {
	rest          *rest.Client
	auth          *authenticator
	cache         *organizationCache
	locks         *organizationLocks
	organizations createTracker[string]
	files         createTracker[uploadKey]
	initialFiles  *initialFiles
}

// New returns a client for cfg, or a *ConfigError if cfg is invalid. It sends nothing: the first request logs in.
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
		files:         createTracker[uploadKey]{backoff: requests.Backoff},
		initialFiles:  newInitialFiles(),
	}
	c.cache = newOrganizationCache(c.ReadOrganization, func(ctx context.Context) ([]*Organization, error) {
		all, _, err := c.readOrganizations(ctx)
		return all, err
	})
	return c, nil
}

func checkCredentials(cfg Config) error {
	const (
		unsendable = "it contains white space or control characters, such as a newline at its end, which trimspace() removes"
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

// isHeaderValue reports whether token can be sent in a header.
func isHeaderValue(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// fetch sends a request. If the platform responds 401 and there is an API key, it logs in again and retries once.
func fetch[T any](ctx context.Context, c *Client, req *rest.Request, decode func(*rest.Response) (T, error)) (T, error) {
	var none T
	token, err := c.auth.token(ctx)
	if err != nil {
		return none, c.wrapCanceled(ctx, req, err)
	}
	value, err := rest.Fetch(ctx, c.rest, req, token, decode)
	if !rest.IsStatus(err, http.StatusUnauthorized) || !c.auth.canLogIn {
		return value, err
	}
	if token, err = c.auth.renew(ctx, token); err != nil {
		return none, c.wrapCanceled(ctx, req, err)
	}
	return rest.Fetch(ctx, c.rest, req, token, decode)
}

// wrapCanceled returns err, or an Error that names the request if the caller was canceled before the request was sent,
// while it waited for a login, a shared read or a lock.
func (c *Client) wrapCanceled(ctx context.Context, req *rest.Request, err error) error {
	if _, named := errors.AsType[*Error](err); err == nil || named || ctx.Err() == nil {
		return err
	}
	return c.rest.Canceled(req, context.Cause(ctx))
}

// organizationRequest returns a request for a path below an organization's.
func organizationRequest(method, suffix string, id int64) *rest.Request {
	return &rest.Request{
		Method: method, Path: organizationPath + suffix, PathValues: map[string]string{"id": strconv.FormatInt(id, 10)},
	}
}

// adminRequest is organizationRequest for calls that only administrators may make.
func adminRequest(method, suffix string, id int64) *rest.Request {
	req := organizationRequest(method, suffix, id)
	req.Admin = true
	return req
}

// IsNotFound reports whether err is a 404 from the platform.
func IsNotFound(err error) bool { return rest.IsStatus(err, http.StatusNotFound) }

// IsForbidden reports whether err is a 403 from the platform.
func IsForbidden(err error) bool { return rest.IsStatus(err, http.StatusForbidden) }

// isCanceled reports whether a call ended because its caller canceled it.
func isCanceled(ctx context.Context, err error) bool {
	return ctx.Err() != nil || isKind(err, KindCanceled)
}
