// Package rest carries out HTTP requests to one platform: the attempts of a request, how long they may take, which
// of them are repeated, what their failures say, and what of them is logged. It knows nothing of what the requests
// are about.
package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

const (
	// DefaultMaxRetries is how often a failed attempt is repeated.
	DefaultMaxRetries = 8
	// DefaultRequestTimeout bounds the silence of one attempt.
	DefaultRequestTimeout = 30 * time.Second
)

// Config says where a Client sends its requests, and how patiently.
type Config struct {
	// Host is the base URL; it may carry a path prefix.
	Host string
	// MaxRetries is how often a failed attempt is repeated; 0 turns retrying off.
	MaxRetries int
	// RetryWait is the first wait before an attempt is repeated. 0: half a second.
	RetryWait time.Duration
	// MaxRequestsPerSecond limits the attempts of all requests together. 0: no limit.
	MaxRequestsPerSecond float64
	// RequestTimeout is how long an attempt may go without a byte moving in either direction. It does not bound a
	// whole transfer. 0: DefaultRequestTimeout.
	RequestTimeout time.Duration
	// CACertificate holds PEM certificates that are trusted in addition to the system's.
	CACertificate []byte
	// InsecureSkipVerify turns the verification of the server's certificate off.
	InsecureSkipVerify bool
	// UserAgent is sent with every request.
	UserAgent string
}

// ConfigError is a configuration that can't be used. Field is the name of the field that is to blame, Problem a
// sentence without it.
type ConfigError struct {
	Field, Problem string
}

func (e *ConfigError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Problem) }

// Client sends requests to one platform. It is safe for use by several goroutines at once.
type Client struct {
	base       *url.URL
	transport  http.RoundTripper
	userAgent  string
	timeout    time.Duration
	maxRetries int
	policy     retryPolicy
	limiter    *rate.Limiter
	secrets    *secrets
}

// New checks cfg and returns a client for it. It sends nothing. A cfg that can't be used is a *ConfigError.
func New(cfg Config) (*Client, error) {
	base, err := parseHost(cfg.Host)
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	limit := rate.Inf
	if cfg.MaxRequestsPerSecond > 0 {
		limit = rate.Limit(cfg.MaxRequestsPerSecond)
	}
	timeout := cfg.RequestTimeout
	if timeout <= 0 {
		timeout = DefaultRequestTimeout
	}
	return &Client{
		base: base, transport: transport, userAgent: cfg.UserAgent, timeout: timeout,
		maxRetries: max(cfg.MaxRetries, 0), policy: newRetryPolicy(cfg.RetryWait),
		limiter: rate.NewLimiter(limit, 1), secrets: &secrets{},
	}, nil
}

// AddSecret keeps a value out of errors and logs from now on.
func (c *Client) AddSecret(value string) { c.secrets.add(value) }

// CloseIdleConnections closes the connections that no request uses.
func (c *Client) CloseIdleConnections() {
	if pooled, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		pooled.CloseIdleConnections()
	}
}

// isPort reports whether a text is the number of a port.
func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

// parseHost checks and parses a base URL. Its error never repeats user information of the URL.
func parseHost(host string) (*url.URL, error) {
	u, err := url.Parse(host)
	problem := "it is not a URL"
	if err == nil {
		problem = hostProblem(u)
	}
	if host == "" {
		problem = "it is not set"
	}
	if problem != "" {
		return nil, &ConfigError{Field: "Host", Problem: problem}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// hostProblem says why a URL can't be a base URL, and is empty where it can.
func hostProblem(u *url.URL) string {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "it must start with http:// or https://"
	case u.Hostname() == "":
		return "it names no host"
	case u.Port() != "" && !isPort(u.Port()):
		return "its port must be a number from 1 to 65535"
	case u.User != nil:
		return "it must not hold a user name or password"
	case u.RawQuery != "" || u.Fragment != "":
		return "it must not have a query or a fragment"
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/api/v1"):
		return "it must not end in /api/v1, which every call adds by itself; leave that out"
	}
	return ""
}
