package guardai

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	usersPath = "/api/v1/users"
	userPath  = usersPath + "/{id}"
)

// User is the API's UserResponse. Fields that the platform omits are nil, or the zero time.
type User struct {
	ID              *int64
	UID             *string
	Name            *string
	Email           *string
	Roles           *string
	Registered      *bool
	LicenseAccepted *bool
	LastLoginAt     time.Time
	// TimeUsed has no documented unit.
	TimeUsed *int64
	// Organizations are sorted by ascending id, those without an id last; nil if the platform omits the list.
	Organizations []OrganizationRef
	Settings      *UserSettings
	// Avatar is base64-encoded; nil unless requested.
	Avatar *string
	// Malformed describes the fields whose values don't have the documented type. They are nil.
	Malformed []string
}

// OrganizationRef identifies the organization that an object belongs to.
type OrganizationRef struct {
	ID   *int64  `json:"id"`
	Name *string `json:"name"`
}

// UserSettings is the API's UserSettings.
type UserSettings struct {
	FavoriteProjects []*int64 `json:"favoriteProjects"`
	Notifications    *bool    `json:"notifications"`
}

// HasID reports whether this is the user with an id.
func (u *User) HasID(id int64) bool { return u.ID != nil && *u.ID == id }

// HasEmail reports whether this is a user with an email address, without regard to case.
func (u *User) HasEmail(email string) bool {
	return u.Email != nil && strings.EqualFold(*u.Email, email)
}

// listsOrganizations reports whether the platform lists the user's organizations, all with an id.
func (u *User) listsOrganizations() bool {
	return u.Organizations != nil && !slices.ContainsFunc(u.Organizations, func(org OrganizationRef) bool { return org.ID == nil })
}

// IsMember reports whether the platform lists an organization with the user.
func (u *User) IsMember(organizationID int64) bool {
	return slices.ContainsFunc(u.Organizations, func(org OrganizationRef) bool { return org.ID != nil && *org.ID == organizationID })
}

// userResponse is the JSON form of UserResponse. Only the ids and names of its organizations are decoded.
type userResponse struct {
	ID                lenient[*int64]            `json:"id"`
	UID               lenient[*string]           `json:"uid"`
	Name              lenient[*string]           `json:"name"`
	Email             lenient[*string]           `json:"email"`
	Avatar            lenient[*string]           `json:"avatar"`
	LastLoginDateTime lenient[dateTime]          `json:"lastLoginDateTime"`
	LicenseAccepted   lenient[*bool]             `json:"licenseAccepted"`
	Registered        lenient[*bool]             `json:"registered"`
	Roles             lenient[*string]           `json:"roles"`
	TimeUsed          lenient[*int64]            `json:"timeUsed"`
	Organizations     lenient[[]OrganizationRef] `json:"organizations"`
	Settings          lenient[*UserSettings]     `json:"settings"`
}

// user converts the response. The organizations are sorted because the platform guarantees no order.
func (r userResponse) user() User {
	u := User{
		ID: r.ID.value, UID: r.UID.value, Name: r.Name.value, Email: r.Email.value, Roles: r.Roles.value, Registered: r.Registered.value,
		LicenseAccepted: r.LicenseAccepted.value, LastLoginAt: r.LastLoginDateTime.value.Time, TimeUsed: r.TimeUsed.value,
		Organizations: r.Organizations.value, Settings: r.Settings.value, Avatar: r.Avatar.value,
	}
	slices.SortStableFunc(u.Organizations, func(a, b OrganizationRef) int { return compareIDs(a.ID, b.ID) })
	u.Malformed = malformedFields(
		field{"id", "a whole number", r.ID.malformed}, field{"uid", "a text", r.UID.malformed}, field{"name", "a text", r.Name.malformed}, field{"email", "a text", r.Email.malformed},
		field{"avatar", "a text", r.Avatar.malformed}, field{"lastLoginDateTime", "a date", r.LastLoginDateTime.malformed},
		field{"licenseAccepted", "a boolean", r.LicenseAccepted.malformed}, field{"registered", "a boolean", r.Registered.malformed},
		field{"roles", "a text", r.Roles.malformed}, field{"timeUsed", "a whole number", r.TimeUsed.malformed},
		field{"organizations", "a list of organizations", r.Organizations.malformed}, field{"settings", "an object of settings", r.Settings.malformed},
	)
	return u
}

// userWithoutAvatar is user without the avatar, which can be large.
func (r userResponse) userWithoutAvatar() (User, error) {
	u := r.user()
	u.Avatar = nil
	return u, nil
}

// userCache is what a client knows of users and their memberships.
type userCache struct {
	// all has one list, members one for each organization, and current a list of one.
	all, members, current listCache[User]

	mu sync.Mutex
	// kept are the memberships that the client found when it was to add them, until it is to remove them.
	kept map[membershipKey]struct{}
}

// membershipKey identifies a membership.
type membershipKey struct{ organizationID, userID int64 }

// invalidate makes later reads see a changed membership.
func (c *userCache) invalidate() {
	c.all.invalidate()
	c.members.invalidate()
	c.current.invalidate()
}

func (c *userCache) keep(key membershipKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[membershipKey]struct{}{}
	}
	c.kept[key] = struct{}{}
}

// wasKept reports whether a membership is kept, and forgets that.
func (c *userCache) wasKept(key membershipKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, kept := c.kept[key]
	delete(c.kept, key)
	return kept
}

// ListMembers returns the members of an organization by ascending id, those without an id last. Avatars can be large,
// so they are kept only if withAvatars is set. It requires administrator rights.
func (c *Client) ListMembers(ctx context.Context, organizationID int64, withAvatars bool) ([]User, error) {
	convert := userResponse.userWithoutAvatar
	if withAvatars {
		convert = func(r userResponse) (User, error) { return r.user(), nil }
	}
	return fetchConvertedList(ctx, c, adminRequest(http.MethodGet, "/members", organizationID), convert, userID)
}

func userID(u User) *int64 { return u.ID }

// ListUsers returns all users that the caller may see, by ascending id, those without an id last, without avatars. The
// list is cached until a membership changes.
func (c *Client) ListUsers(ctx context.Context) ([]User, error) {
	req := &rest.Request{Method: http.MethodGet, Path: usersPath, Admin: true}
	users, err := c.users.all.get(ctx, "", func(ctx context.Context) ([]User, error) {
		users, err := fetchConvertedList(ctx, c, req, userResponse.userWithoutAvatar, userID)
		return users, notMissing(err)
	})
	return users, c.wrapCanceled(ctx, req, err)
}

// FindUsers returns the users that match. Their memberships may be out of date: if a list that was read before contains a
// match, no other is read, so that the lookups of a run with many writes share one list.
func (c *Client) FindUsers(ctx context.Context, matches func(User) bool) ([]User, error) {
	if found := filter(c.users.all.latest(""), matches); len(found) > 0 {
		return found, nil
	}
	users, err := c.ListUsers(ctx)
	return filter(users, matches), err
}

// notMissing returns err, which is not IsNotFound, for a call that can't show that a user is gone.
func notMissing(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == rest.KindNotFound {
		e.Kind = rest.KindStatus
	}
	return err
}

func filter(users []User, matches func(User) bool) []User {
	var found []User
	for _, user := range users {
		if matches(user) {
			found = append(found, user)
		}
	}
	return found
}

// GetUser returns a user without avatar, from the list of users or, if that is forbidden or lacks the user, by id. A
// missing user is IsNotFound.
func (c *Client) GetUser(ctx context.Context, id int64) (*User, error) {
	users, err := c.ListUsers(ctx)
	if found := filter(users, func(u User) bool { return u.HasID(id) }); len(found) > 0 {
		return &found[0], nil
	}
	if err != nil && !IsForbidden(err) {
		return nil, err
	}
	record, err := c.readUser(ctx, userRequest(http.MethodGet, id), id)
	if err != nil {
		return nil, err
	}
	return record.user, nil
}

// CurrentUser returns the user that the client acts as, without avatar. Its ID is not nil. It is cached until a
// membership changes.
func (c *Client) CurrentUser(ctx context.Context) (*User, error) {
	req := &rest.Request{Method: http.MethodGet, Path: usersPath + "/me"}
	users, err := c.users.current.get(ctx, "", func(ctx context.Context) ([]User, error) {
		user, err := fetch(ctx, c, req, decodeUser)
		if err != nil {
			return nil, err
		}
		return []User{*user}, nil
	})
	if err != nil {
		return nil, c.wrapCanceled(ctx, req, err)
	}
	return &users[0], nil
}

// IsCurrentUser reports whether the client acts as the user with an id. If that isn't known, it returns an error.
func (c *Client) IsCurrentUser(ctx context.Context, id int64) (bool, error) {
	if known := c.users.current.latest(""); len(known) > 0 {
		return known[0].HasID(id), nil
	}
	user, err := c.CurrentUser(ctx)
	return err == nil && user.HasID(id), err
}

func userRequest(method string, id int64) *rest.Request {
	return &rest.Request{Method: method, Path: userPath, PathValues: map[string]string{"id": strconv.FormatInt(id, 10)}}
}

func decodeUser(r *rest.Response) (*User, error) {
	response, err := rest.DecodeJSON[userResponse](r)
	if err != nil {
		return nil, err
	}
	return response.single()
}

// single converts the response of a call about one user.
func (r userResponse) single() (*User, error) {
	user, err := r.userWithoutAvatar()
	if user.ID == nil || *user.ID <= 0 {
		return nil, &InvalidResponseError{Problem: "it contains no user id"}
	}
	return &user, err
}

// Invite sends an invitation by email. The request is sent only once, because the platform doesn't tell whether an
// invitation was sent. It requires administrator rights.
func (c *Client) Invite(ctx context.Context, email, name string) error {
	_, err := fetch(ctx, c, &rest.Request{
		Method: http.MethodPost, Path: "/api/v1/register/invite", Admin: true, Once: true,
		Body: func(context.Context) (*rest.Body, error) {
			return rest.JSON(map[string]string{"email": email, "name": name})
		},
	}, rest.DecodeEmpty)
	return err
}
