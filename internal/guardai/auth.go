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

// authenticator holds the JWT that requests carry, and gets a new one when it is needed: once for all requests that
// wait for it.
type authenticator struct {
	// login gets a JWT; canLogIn says whether there is an API key for that.
	login    func(context.Context) (string, error)
	canLogIn bool
	logins   callGroup[string]

	mu          sync.Mutex
	jwt         string
	renewBefore time.Time
	// halfway is when half of the JWT's life is over, zero where its end isn't known.
	halfway time.Time
	// rejected is the platform's refusal of the API key. It is final, so that a run with a wrong key doesn't knock
	// once for each of its objects.
	rejected error
}

// token returns a JWT for the next request, logging in where there is none or where the one there is ends soon.
func (a *authenticator) token(ctx context.Context) (string, error) {
	current, fresh := a.current()
	if fresh || !a.canLogIn {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// renew returns a JWT in place of one that the platform rejected. If another request got a new one in the meantime,
// it is that.
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

// logIn gets a JWT in place of a stale one. Whether that is still needed is seen once this caller's turn has come:
// the login that it waited for may have done it.
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
			if isKind(err, KindLogin) {
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

// remainingLife is how long a JWT lasts, 0 where it doesn't say. One that has ended by this machine's clock when it
// is issued says that the clocks differ: then only the platform knows, and says so with a 401.
func remainingLife(token string, now time.Time) time.Duration {
	expires, ok := TokenExpiry(token)
	if !ok {
		return 0
	}
	return max(expires.Sub(now), 0)
}

// Token is a JWT for another program to call the platform with.
type Token struct {
	JWT string
	// ExpiresAt is when it ends, the zero time where the JWT doesn't say.
	ExpiresAt time.Time
}

// ExpiredTokenError is a ready token (Config.Token) that has ended by this machine's clock. There is no API key to
// get another with.
type ExpiredTokenError struct{ At time.Time }

func (e *ExpiredTokenError) Error() string {
	return "the token expired at " + e.At.UTC().Format(time.RFC3339)
}

// Token returns a JWT to hand on. With an API key that is the one which requests carry, or a new one where half of
// its life is over: whoever gets it can't ask for another. A ready token is handed on as it is, and is an
// *ExpiredTokenError when it has ended.
func (c *Client) Token(ctx context.Context) (Token, error) {
	current, err := c.auth.lasting(ctx)
	if err != nil {
		return Token{}, c.waited(ctx, loginRequest, err)
	}
	expires, _ := TokenExpiry(current)
	if !c.auth.canLogIn && !expires.IsZero() && !time.Now().Before(expires) {
		return Token{}, &ExpiredTokenError{At: expires}
	}
	return Token{JWT: current, ExpiresAt: expires}, nil
}

// lasting returns a JWT that has at least half of its life before it, as far as that is known and an API key can see
// to it.
func (a *authenticator) lasting(ctx context.Context) (string, error) {
	current, fresh := a.current()
	a.mu.Lock()
	early := a.halfway.IsZero() || time.Now().Before(a.halfway)
	a.mu.Unlock()
	if (fresh && early) || !a.canLogIn {
		return current, nil
	}
	return a.logIn(ctx, current)
}

// TokenExpiry reads when a JWT ends, without verifying it: only the platform can. It reports false where the JWT
// doesn't say, or isn't one.
func TokenExpiry(token string) (time.Time, bool) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil || claims.ExpiresAt == nil {
		return time.Time{}, false
	}
	return claims.ExpiresAt.Time, true
}

var loginRequest = &rest.Request{Method: http.MethodPost, Path: "/api/v1/login"}

// login trades an API key for a JWT. It changes nothing on the platform, so it is repeated like a read although it is
// a POST.
func login(ctx context.Context, c *rest.Client, keyID, key string) (string, error) {
	req := *loginRequest
	req.Repeatable = true
	req.Body = func(context.Context) (*rest.Body, error) {
		return rest.JSON(map[string]string{"apiKeyId": keyID, "apiKey": key})
	}
	issued, err := rest.Fetch(ctx, c, &req, "", func(r *rest.Response) (string, error) {
		user, err := rest.DecodeJSON[struct {
			JWT string `json:"jwt"`
		}](r)
		if err == nil && (user.JWT == "" || !isHeaderValue(user.JWT)) {
			err = &InvalidResponseError{Problem: "it holds no usable jwt"}
		}
		c.AddSecret(user.JWT)
		return user.JWT, err
	})
	return issued, loginError(err)
}

// loginError makes sure that a failed login isn't taken for a response about what was to be called with its token.
func loginError(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	e.OutcomeUnknown = false
	if e.Kind == KindStatus {
		switch e.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			e.Kind = KindLogin
		case http.StatusNotFound:
			// There is no platform without a login: this is another address.
			e.Kind = KindInvalidResponse
		}
	}
	return e
}

// isKind says whether err is an Error of this kind.
func isKind(err error, kind ErrorKind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == kind
}
