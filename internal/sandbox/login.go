package sandbox

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The API keys that every sandbox accepts.
const (
	// AdminKeyID and AdminKey belong to an administrator.
	AdminKeyID = "sandbox-admin"
	AdminKey   = "sandbox-admin-key"
	// UserKeyID and UserKey belong to a user who may create organizations and use those that they are a member of.
	UserKeyID = "sandbox-user"
	UserKey   = "sandbox-user-key"
)

// The uids and ids of the two users.
const (
	AdminUID       = "admin"
	AdminID  int64 = 1
	UserUID        = "user"
	UserID   int64 = 2
)

const defaultTokenLifetime = time.Hour

// apiKeys are the keys by id.
var apiKeys = map[string]struct{ key, uid string }{
	AdminKeyID: {AdminKey, AdminUID},
	UserKeyID:  {UserKey, UserUID},
}

// userByKey returns a copy of the user that an API key belongs to, or nil.
func (s *Server) userByKey(keyID, key string) *User {
	known, ok := apiKeys[keyID]
	if !ok || subtle.ConstantTimeCompare([]byte(known.key), []byte(key)) != 1 {
		return nil
	}
	return s.copyOfUser(known.uid)
}

// copyOfUser returns a copy of a user, or nil.
func (s *Server) copyOfUser(uid string) *User {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	if u := s.state.userByUID(uid); u != nil {
		return new(*u)
	}
	return nil
}

// tokens issues and verifies JWTs.
type tokens struct {
	lifetime time.Duration
	mu       sync.Mutex
	secret   []byte
}

func newTokens(lifetime time.Duration) *tokens {
	return &tokens{lifetime: cmp.Or(lifetime, defaultTokenLifetime), secret: []byte(rand.Text())}
}

// issue returns a JWT for a user. Its exp is the end of the lifetime, rounded up to whole seconds as clients expect.
func (t *tokens) issue(uid, roles string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	expiry := math.Ceil(float64(now.Add(t.lifetime).UnixMilli()) / 1000)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": uid, "roles": roles, "iat": now.Unix(), "exp": int64(expiry), "jti": rand.Text(),
	})
	signed, err := token.SignedString(t.secret)
	if err != nil {
		panic("sandbox: signing a JWT failed: " + err.Error())
	}
	return signed
}

// revoke invalidates all tokens by replacing the signing secret.
func (t *tokens) revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.secret = []byte(rand.Text())
}

// verify returns the uid of a token's user, or "" if the token isn't valid.
func (t *tokens) verify(token string) string {
	t.mu.Lock()
	secret := t.secret
	t.mu.Unlock()
	parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired())
	if err != nil {
		return ""
	}
	uid, err := parsed.Claims.GetSubject()
	if err != nil {
		return ""
	}
	return uid
}

// authenticate returns a copy of the user who makes a request.
func (s *Server) authenticate(r *http.Request) (*User, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, unauthorized("Full authentication is required to access this resource.")
	}
	who := s.copyOfUser(s.tokens.verify(token))
	if who == nil {
		return nil, unauthorized("The token is invalid or has expired.")
	}
	s.annotate(r.Context(), func(entry *Request) { entry.User = who.UID })
	return who, nil
}

func (s *Server) login(c *call) (any, error) {
	body, err := s.readObject(c)
	if err != nil {
		return nil, err
	}
	keyID, _ := body["apiKeyId"].(string)
	key, _ := body["apiKey"].(string)
	if keyID == "" || key == "" {
		return nil, badRequest("apiKeyId and apiKey are required and must be strings.")
	}
	who := s.userByKey(keyID, key)
	if who == nil {
		return nil, unauthorized("The API key is invalid.")
	}
	s.annotate(c.r.Context(), func(entry *Request) { entry.User = who.UID })
	return map[string]any{
		"jwt": s.tokens.issue(who.UID, who.Roles), "name": who.Name, "email": who.Email, "uid": who.UID,
		"roles": who.Roles, "registered": who.Registered, "autoEnrol": false, "settings": who.Settings,
	}, nil
}

// AdminToken returns a new JWT for the administrator.
func (s *Server) AdminToken() string { return s.tokens.issue(AdminUID, roleAdmin+","+roleUser) }

// UserToken returns a new JWT for the ordinary user.
func (s *Server) UserToken() string { return s.tokens.issue(UserUID, roleUser) }

// RevokeTokens invalidates all JWTs issued so far: requests with them get 401.
func (s *Server) RevokeTokens() { s.tokens.revoke() }
