package guardai

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// loginMargin is how long before its expiry a JWT is renewed.
const loginMargin = 30 * time.Second

// authenticator holds the JWT that requests carry and renews it as needed. Requests that need a new JWT at the same
// time share one login.
type authenticator struct {
	// login exchanges the API key for a JWT. It is used only if canLogIn, that is, if there is an API key.
	login    func(context.Context) (string, error)
	canLogIn bool
	logins   callGroup[string]

	mu          sync.Mutex
	jwt         string
	renewBefore time.Time
	// halfway is when half of the JWT's lifetime is over; zero if the JWT has no expiry.
	halfway time.Time
	// rejected is the platform's refusal of the API key. It is final: a run with a wrong key makes one login attempt, not
	// one for each resource.
	rejected error
}

// token returns a JWT for the next request. It logs in if there is none or if the current one is about to expire.
func (a *authenticator) token(ctx context.Context) (string, error) {
	current, fresh := a.current()
	if fresh || !a.canLogIn {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// renew replaces a JWT that the platform rejected, unless another request has already done so.
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

// logIn replaces a stale JWT. It checks again whether that is still needed, because the login that this caller waited
// for may have replaced it already.
func (a *authenticator) logIn(ctx context.Context, stale string) (string, error) {
	return a.logins.do(ctx, "", func(ctx context.Context) (string, error) {
		if current, fresh := a.current(); fresh && current != stale {
			return current, nil
		}
		a.mu.Lock()
		rejected := a.rejected
		a.mu.Unlock()
		if rejected != nil {
			return "", rejected
		}
		issued, err := a.login(ctx)
		now := time.Now()
		a.mu.Lock()
		defer a.mu.Unlock()
		if err != nil {
			if isKind(err, rest.KindLogin) {
				a.rejected = err
			}
			return "", err
		}
		a.jwt, a.renewBefore, a.halfway = issued, time.Time{}, time.Time{}
		if life := remainingLife(issued, now); life > 0 {
			a.renewBefore, a.halfway = now.Add(life-min(loginMargin, life/4)), now.Add(life/2)
		}
		return issued, nil
	})
}

// remainingLife returns how long a JWT remains valid, or 0 if it has no expiry. A new JWT that has expired already
// means that this machine's clock is wrong. It counts as 0 too, so that the platform decides, with a 401, when it has
// expired.
func remainingLife(token string, now time.Time) time.Duration {
	expires, ok := TokenExpiry(token)
	if !ok {
		return 0
	}
	return max(expires.Sub(now), 0)
}

// Token is a JWT for use outside this client.
type Token struct {
	JWT string
	// ExpiresAt is the zero time if the JWT has no expiry.
	ExpiresAt time.Time
}

// ExpiredTokenError means that Config.Token has expired by this machine's clock. It can't be renewed without an API
// key.
type ExpiredTokenError struct{ At time.Time }

func (e *ExpiredTokenError) Error() string {
	return "the token expired at " + e.At.UTC().Format(time.RFC3339)
}

// Token returns a JWT for use outside this client. With an API key, the JWT has at least half of its lifetime left,
// because whoever receives it can't renew it. Config.Token is returned unchanged, or as an *ExpiredTokenError once it
// has expired.
func (c *Client) Token(ctx context.Context) (Token, error) {
	current, err := c.auth.longLivedToken(ctx)
	if err != nil {
		return Token{}, c.wrapCanceled(ctx, loginRequest, err)
	}
	expires, _ := TokenExpiry(current)
	if !c.auth.canLogIn && !expires.IsZero() && !time.Now().Before(expires) {
		return Token{}, &ExpiredTokenError{At: expires}
	}
	return Token{JWT: current, ExpiresAt: expires}, nil
}

// longLivedToken returns a JWT with at least half of its lifetime left, if its expiry is known and there is an API key.
func (a *authenticator) longLivedToken(ctx context.Context) (string, error) {
	current, fresh := a.current()
	a.mu.Lock()
	early := a.halfway.IsZero() || time.Now().Before(a.halfway)
	a.mu.Unlock()
	if (fresh && early) || !a.canLogIn {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// TokenExpiry returns the expiry of a JWT. It doesn't verify the signature, which only the platform can do. ok is false
// if token is not a JWT or has no expiry.
func TokenExpiry(token string) (expiry time.Time, ok bool) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil || claims.ExpiresAt == nil {
		return time.Time{}, false
	}
	return claims.ExpiresAt.Time, true
}

var loginRequest = &rest.Request{Method: http.MethodPost, Path: "/api/v1/login"}

// login exchanges an API key for a JWT. The request is a POST but changes nothing on the platform, so it is retried
// like a read.
func login(ctx context.Context, c *rest.Client, keyID, key string) (string, error) {
	req := *loginRequest
	req.ReadOnly = true
	req.Body = func(context.Context) (*rest.Body, error) {
		return rest.JSON(map[string]string{"apiKeyId": keyID, "apiKey": key})
	}
	issued, err := rest.Fetch(ctx, c, &req, "", func(r *rest.Response) (string, error) {
		user, err := rest.DecodeJSON[struct {
			JWT string `json:"jwt"`
		}](r)
		if err == nil && (user.JWT == "" || !rest.IsHeaderValue(user.JWT)) {
			err = &InvalidResponseError{Problem: "it contains no usable jwt"}
		}
		c.AddSecret(user.JWT)
		return user.JWT, err
	})
	return issued, loginError(err)
}

// loginError keeps a failed login from being mistaken for a failure of the request that needed the JWT.
func loginError(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	e.OutcomeUnknown = false
	switch {
	case e.Status == http.StatusUnauthorized, e.Kind == rest.KindForbidden:
		e.Kind = rest.KindLogin
	case e.Status == http.StatusNotFound:
		// Every platform has a login, so this isn't one.
		e.Kind = rest.KindInvalidResponse
	}
	return e
}
