package guardai

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// loginMargin is how long before its expiry a JWT is renewed.
const loginMargin = 30 * time.Second

// authenticator holds the JWT that requests carry, and gets a new one when it is
// needed: once for all requests that wait for it.
type authenticator struct {
	client      *Client
	keyID, key  string
	logins      flights[string, string]
	mu          sync.Mutex
	jwt         string
	renewBefore time.Time
	// halfway is when half of the JWT's life is over, zero where its end isn't known.
	halfway time.Time
	// rejected is the platform's refusal of the API key. It is final, so that a
	// run with a wrong key doesn't knock once for each of its objects.
	rejected error
}

func newAuthenticator(c *Client, cfg Config) *authenticator {
	a := &authenticator{client: c}
	if cfg.Token != "" {
		a.jwt = cfg.Token
		return a
	}
	a.keyID, a.key = cfg.APIKeyID, cfg.APIKey
	return a
}

// canLogIn says whether there is an API key to get a JWT with.
func (a *authenticator) canLogIn() bool { return a.key != "" }

// token returns a JWT for the next request, logging in where there is none or
// where the one there is ends soon.
func (a *authenticator) token(ctx context.Context) (string, error) {
	current, fresh := a.current()
	if fresh || !a.canLogIn() {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// renew returns a JWT in place of one that the platform rejected. If another
// request got a new one in the meantime, it is that.
func (a *authenticator) renew(ctx context.Context, rejected string) (string, error) {
	if current, fresh := a.current(); fresh && current != rejected {
		return current, nil
	}
	return a.logIn(ctx, rejected)
}

func (a *authenticator) current() (token string, fresh bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fresh = a.jwt != "" && (a.renewBefore.IsZero() || time.Now().Before(a.renewBefore))
	return a.jwt, fresh
}

// logIn gets a JWT in place of a stale one. Whether that is still needed is seen
// once this caller's turn has come: the login that it waited for may have done it.
func (a *authenticator) logIn(ctx context.Context, stale string) (string, error) {
	return a.logins.do(ctx, a.keyID, func(ctx context.Context) (string, error) {
		if current, fresh := a.current(); fresh && current != stale {
			return current, nil
		}
		if err := a.refusal(); err != nil {
			return "", err
		}
		user, err := a.client.login(ctx, a.keyID, a.key)
		a.mu.Lock()
		defer a.mu.Unlock()
		if err != nil {
			if e, ok := errors.AsType[*Error](err); ok && e.Kind == KindLogin {
				a.rejected = err
			}
			return "", err
		}
		now := time.Now()
		a.jwt, a.renewBefore, a.halfway = user.JWT, renewBefore(user.JWT, now), halfway(user.JWT, now)
		return user.JWT, nil
	})
}

// refusal is the error of an API key that the platform didn't accept before.
func (a *authenticator) refusal() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rejected
}

// renewBefore is when to replace a JWT, zero where it doesn't say when it ends.
// One that has ended by this machine's clock when it is handed out says that the
// clocks differ: then only the platform can tell, with a 401.
func renewBefore(token string, now time.Time) time.Time {
	expires, ok := TokenExpiry(token)
	if !ok || !expires.After(now) {
		return time.Time{}
	}
	return expires.Add(-min(loginMargin, expires.Sub(now)/4))
}

// halfway is when half of the life of a JWT that was just handed out is over. It is
// zero where renewBefore is.
func halfway(token string, now time.Time) time.Time {
	expires, ok := TokenExpiry(token)
	if !ok || !expires.After(now) {
		return time.Time{}
	}
	return now.Add(expires.Sub(now) / 2)
}

// Token is a JWT for another program to call the platform with.
type Token struct {
	JWT string
	// ExpiresAt is when it ends, the zero time where the JWT doesn't say.
	ExpiresAt time.Time
}

// ExpiredTokenError is a ready token (Config.Token) that has ended by this
// machine's clock. There is no API key to get another with.
type ExpiredTokenError struct{ At time.Time }

func (e *ExpiredTokenError) Error() string {
	return "the token expired at " + e.At.UTC().Format(time.RFC3339)
}

// Token returns a JWT to hand on. With an API key that is the one which requests
// carry, or a new one where half of its life is over: whoever gets it can't ask for
// another. A ready token is handed on as it is, and is an *ExpiredTokenError when
// it has ended.
func (c *Client) Token(ctx context.Context) (Token, error) {
	current, err := c.auth.lasting(ctx)
	if err != nil {
		return Token{}, err
	}
	expires, _ := TokenExpiry(current)
	if !c.auth.canLogIn() && !expires.IsZero() && !time.Now().Before(expires) {
		return Token{}, &ExpiredTokenError{At: expires}
	}
	return Token{JWT: current, ExpiresAt: expires}, nil
}

// lasting returns a JWT that has at least half of its life before it, as far as
// that is known and an API key can see to it.
func (a *authenticator) lasting(ctx context.Context) (string, error) {
	current, fresh := a.current()
	a.mu.Lock()
	early := a.halfway.IsZero() || time.Now().Before(a.halfway)
	a.mu.Unlock()
	if (fresh && early) || !a.canLogIn() {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// TokenExpiry reads when a JWT ends, without verifying it: only the platform
// can. It reports false where the JWT doesn't say, or isn't one.
func TokenExpiry(token string) (time.Time, bool) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil || claims.ExpiresAt == nil {
		return time.Time{}, false
	}
	return claims.ExpiresAt.Time, true
}

// authorizedUser is the part of AuthorizedUserResponse that is needed here.
type authorizedUser struct {
	JWT string `json:"jwt"`
}

// login trades an API key for a JWT. It changes nothing on the platform, so it is
// repeated like a read although it is a POST.
func (c *Client) login(ctx context.Context, keyID, key string) (authorizedUser, error) {
	var user authorizedUser
	call := &call{
		method:     http.MethodPost,
		template:   "/api/v1/login",
		repeatable: true,
		read: func(r reply) error {
			user = authorizedUser{}
			if err := readJSON(r, &user); err != nil {
				return err
			}
			if user.JWT == "" || !isHeaderValue(user.JWT) {
				return &unusable{problem: "it holds no usable jwt"}
			}
			c.secrets.add(user.JWT)
			return nil
		},
	}
	body := map[string]string{"apiKeyId": keyID, "apiKey": key}
	if err := call.sendJSON(body); err != nil {
		return user, err
	}
	return user, loginError(c.exchange(ctx, call, ""))
}

// loginError makes sure that a failed login isn't taken for an answer about what
// was to be called with its token.
func loginError(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	e.Unanswered = false
	if e.Kind == KindStatus {
		switch e.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			e.Kind = KindLogin
		case http.StatusNotFound:
			// There is no platform without a login: this is another address.
			e.Kind = KindAnswer
		}
	}
	return e
}
