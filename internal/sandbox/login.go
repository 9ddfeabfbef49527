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

// The uids of the two users.
const (
	AdminUID = "admin"
	UserUID  = "user"
)

const defaultTokenLifetime = time.Hour

// user is someone who can log in.
type user struct {
	id          int64
	uid         string
	keyID, key  string
	name, email string
	admin       bool
}

var users = []*user{
	{
		id: 1, uid: AdminUID, keyID: AdminKeyID, key: AdminKey,
		name: "Anna de Boer", email: "anna.deboer@example.com", admin: true,
	},
	{
		id: 2, uid: UserUID, keyID: UserKeyID, key: UserKey,
		name: "Tom Ferreira", email: "tom.ferreira@example.com",
	},
}

func userByUID(uid string) *user {
	for _, u := range users {
		if u.uid == uid {
			return u
		}
	}
	return nil
}

func userByKey(keyID, key string) *user {
	for _, u := range users {
		if u.keyID == keyID && subtle.ConstantTimeCompare([]byte(u.key), []byte(key)) == 1 {
			return u
		}
	}
	return nil
}

func (u *user) roles() string {
	if u.admin {
		return "ROLE_ADMIN,ROLE_USER"
	}
	return "ROLE_USER"
}

func (u *user) settings() map[string]any {
	return map[string]any{"favoriteProjects": []any{}, "notifications": true}
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

// issue returns a JWT for u. Its exp is the end of the lifetime, rounded up to whole seconds as clients expect.
func (t *tokens) issue(u *user) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	expiry := math.Ceil(float64(now.Add(t.lifetime).UnixMilli()) / 1000)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": u.uid, "roles": u.roles(), "iat": now.Unix(), "exp": int64(expiry), "jti": rand.Text(),
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

// verify returns the user of a token, or nil if the token isn't valid.
func (t *tokens) verify(token string) *user {
	t.mu.Lock()
	secret := t.secret
	t.mu.Unlock()
	parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired())
	if err != nil {
		return nil
	}
	uid, err := parsed.Claims.GetSubject()
	if err != nil {
		return nil
	}
	return userByUID(uid)
}

// authenticate returns the user who makes a request.
func (s *Server) authenticate(r *http.Request) (*user, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, unauthorized("Full authentication is required to access this resource.")
	}
	who := s.tokens.verify(token)
	if who == nil {
		return nil, unauthorized("The token is invalid or has expired.")
	}
	s.annotate(r.Context(), func(entry *Request) { entry.User = who.uid })
	return who, nil
}

func (s *Server) login(c *call) (any, error) {
	body, err := c.readObject()
	if err != nil {
		return nil, err
	}
	keyID, _ := body["apiKeyId"].(string)
	key, _ := body["apiKey"].(string)
	if keyID == "" || key == "" {
		return nil, badRequest("apiKeyId and apiKey are required and must be strings.")
	}
	who := userByKey(keyID, key)
	if who == nil {
		return nil, unauthorized("The API key is invalid.")
	}
	s.annotate(c.r.Context(), func(entry *Request) { entry.User = who.uid })
	return map[string]any{
		"jwt": s.tokens.issue(who), "name": who.name, "email": who.email, "uid": who.uid,
		"roles": who.roles(), "registered": true, "autoEnrol": false, "settings": who.settings(),
	}, nil
}

// AdminToken returns a new JWT for the administrator.
func (s *Server) AdminToken() string { return s.tokens.issue(userByUID(AdminUID)) }

// UserToken returns a new JWT for the ordinary user.
func (s *Server) UserToken() string { return s.tokens.issue(userByUID(UserUID)) }

// RevokeTokens invalidates all JWTs issued so far: requests with them get 401.
func (s *Server) RevokeTokens() { s.tokens.revoke() }
