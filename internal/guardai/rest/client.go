// Package rest sends HTTP requests to one platform. It retries them, limits how long they may stall, classifies their
// errors and logs them. It knows nothing of what the requests are about.
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
	// DefaultMaxRetries is the default of the provider argument max_retries.
	DefaultMaxRetries = 8
	// DefaultRequestTimeout is the default of Config.RequestTimeout.
	DefaultRequestTimeout = 30 * time.Second
)

// Config configures a Client. Host is required, and either Token or both APIKeyID and APIKey, which the caller passes to
// Fetch or exchanges for what it passes.
type Config struct {
	// Host is the base URL; it may carry a path prefix.
	Host string
	// APIKeyID and APIKey are exchanged for a JWT at the first request.
	APIKeyID, APIKey string
	// Token is a JWT to use in place of an API key. It can't be renewed.
	Token string
	// MaxRetries is how many times a failed attempt is retried. 0 disables retries.
	MaxRetries int
	// RetryWait is the wait before the first retry. Default: half a second.
	RetryWait time.Duration
	// MaxRequestsPerSecond limits the attempts of all requests together. Default: no limit.
	MaxRequestsPerSecond float64
	// RequestTimeout is how long an attempt may go without transferring a byte in either direction. It doesn't limit the
	// duration of a whole transfer. Default: DefaultRequestTimeout.
	RequestTimeout time.Duration
	// CACertificate holds PEM certificates to trust in addition to the system's.
	CACertificate []byte
	// InsecureSkipVerify disables verification of the server's certificate.
	InsecureSkipVerify bool
	// UserAgent is sent with every request.
	UserAgent string
}

// ConfigError reports an invalid Config. Field is the name of the invalid field. Problem continues a sentence about it
// and has no full stop.
type ConfigError struct {
	Field, Problem string
}

func (e *ConfigError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Problem) }

// Client sends requests to one platform. It is safe for concurrent use.
type Client struct {
	base        *url.URL
	transport   http.RoundTripper
	userAgent   string
	timeout     time.Duration
	maxRetries  int
	retryPolicy retryPolicy
	limiter     *rate.Limiter
	secrets     *secrets
	proxy       *proxyState
}

// New returns a client for cfg, or a *ConfigError if cfg is invalid. It sends nothing.
func New(cfg Config) (*Client, error) {
	base, err := parseHost(cfg.Host)
	if err != nil {
		return nil, err
	}
	proxy := newProxyState()
	transport, err := newTransport(cfg, proxy)
	if err != nil {
		return nil, err
	}
	if err := checkCredentials(cfg); err != nil {
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
	c := &Client{
		base: base, transport: transport, userAgent: cfg.UserAgent, timeout: timeout,
		maxRetries: max(cfg.MaxRetries, 0), retryPolicy: newRetryPolicy(cfg.RetryWait),
		limiter: rate.NewLimiter(limit, 1), secrets: &secrets{}, proxy: proxy,
	}
	c.AddSecret(cfg.APIKey)
	c.AddSecret(cfg.Token)
	return c, nil
}

// AddSecret redacts a value in errors and logs from now on.
func (c *Client) AddSecret(value string) { c.secrets.add(value) }

// MaxRetries returns Config.MaxRetries.
func (c *Client) MaxRetries() int { return c.maxRetries }

// CloseIdleConnections closes connections that are not in use.
func (c *Client) CloseIdleConnections() {
	if pooled, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		pooled.CloseIdleConnections()
	}
}

func checkCredentials(cfg Config) error {
	const (
		unsendable = "it contains white space or control characters, such as a newline at its end, which trimspace() removes"
		untrimmed  = "it begins or ends with white space, such as a newline at its end, which trimspace() removes"
	)
	problem := func(field, problem string) error { return &ConfigError{Field: field, Problem: problem} }
	switch {
	case cfg.Token != "" && !IsHeaderValue(cfg.Token):
		return problem("Token", unsendable)
	case cfg.Token != "":
		return nil
	case cfg.APIKeyID == "" && cfg.APIKey == "":
		return problem("Credentials", "there are none")
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

// IsHeaderValue reports whether token can be sent in a header.
func IsHeaderValue(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// isPort reports whether text is a port number.
func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

// parseHost parses and validates a base URL. Its error never includes the URL's user information.
func parseHost(host string) (*url.URL, error) {
	u, err := url.Parse(host)
	problem := "it is not a URL"
	if err == nil {
		problem = hostProblem(u)
	}
	if host == "" {
		problem = "no host is set"
	}
	if problem != "" {
		return nil, &ConfigError{Field: "Host", Problem: problem}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// hostProblem returns why a URL can't be a base URL, or an empty string.
func hostProblem(u *url.URL) string {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "it must start with http:// or https://"
	case u.Hostname() == "":
		return "it names no host"
	case u.Port() != "" && !isPort(u.Port()):
		return "its port must be a number from 1 to 65535"
	case u.User != nil:
		return "it must not contain a user name or password"
	case u.RawQuery != "" || u.Fragment != "":
		return "it must not have a query or a fragment"
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/api/v1"):
		return "it must not end in /api/v1, which the provider adds itself"
	}
	return ""
}
