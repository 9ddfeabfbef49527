package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// User is a user of the platform.
type User struct {
	ID int64 `json:"id"`
	// Responses leave out UID, Name, Email and Roles if they are empty.
	UID   string `json:"uid,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	// Roles is a list separated by commas. ROLE_ADMIN makes an administrator.
	Roles string `json:"roles,omitempty"`
	// Registered is false for a user who has only been invited.
	Registered      bool           `json:"registered"`
	LicenseAccepted bool           `json:"licenseAccepted"`
	Settings        map[string]any `json:"settings,omitempty"`
	// Organizations are the ids of the organizations that the user is a member of.
	Organizations []int64 `json:"organizations,omitempty"`
	// Extra holds other fields of the response, such as avatar and undocumented ones. They take precedence.
	Extra map[string]any `json:"extra,omitempty"`
}

const (
	roleUser  = "ROLE_USER"
	roleAdmin = "ROLE_ADMIN"
)

// firstUsers returns the users of an empty platform: those who can log in.
func firstUsers() []*User {
	settings := func() map[string]any { return map[string]any{"favoriteProjects": []any{}, "notifications": true} }
	return []*User{
		{
			ID: AdminID, UID: AdminUID, Name: "Anna de Boer", Email: "anna.deboer@example.com", Roles: roleAdmin + "," + roleUser,
			Registered: true, LicenseAccepted: true, Settings: settings(),
		},
		{
			ID: UserID, UID: UserUID, Name: "Tom Ferreira", Email: "tom.ferreira@example.com", Roles: roleUser,
			Registered: true, LicenseAccepted: true, Settings: settings(),
		},
	}
}

func (u *User) isAdmin() bool { return slices.Contains(strings.Split(u.Roles, ","), roleAdmin) }

// maySee reports whether the user has access to an organization.
func (u *User) maySee(organizationID int64) bool {
	return u.isAdmin() || slices.Contains(u.Organizations, organizationID)
}

// setMember adds or removes a membership.
func (u *User) setMember(organizationID int64, member bool) {
	rest := slices.DeleteFunc(slices.Clone(u.Organizations), func(id int64) bool { return id == organizationID })
	if member {
		rest = append(rest, organizationID)
	}
	u.Organizations = rest
}

// user returns the first user that matches, or nil.
func (st *state) user(matches func(*User) bool) *User {
	if i := slices.IndexFunc(st.users, matches); i >= 0 {
		return st.users[i]
	}
	return nil
}

func (st *state) userByID(id int64) *User {
	return st.user(func(u *User) bool { return u.ID == id })
}

func (st *state) userByUID(uid string) *User {
	return st.user(func(u *User) bool { return u.UID == uid })
}

// addUser stores a user in place of one with the same id, or under the next free id if that is 0.
func (st *state) addUser(u *User) {
	if u.ID == 0 {
		u.ID = st.nextUserID
	}
	st.nextUserID = max(st.nextUserID, u.ID+1)
	i, found := slices.BinarySearchFunc(st.users, u.ID, func(other *User, id int64) int { return int(other.ID - id) })
	if found {
		st.users[i] = u
		return
	}
	st.users = slices.Insert(st.users, i, u)
}

// userResponse is the user as the API sends it.
func (s *Server) userResponse(u *User) map[string]any {
	response := map[string]any{"id": u.ID, "registered": u.Registered, "licenseAccepted": u.LicenseAccepted, "timeUsed": 0}
	for name, text := range map[string]string{"uid": u.UID, "name": u.Name, "email": u.Email, "roles": u.Roles} {
		if text != "" {
			response[name] = text
		}
	}
	if u.Settings != nil {
		response["settings"] = u.Settings
	}
	organizations := []any{}
	for _, id := range u.Organizations {
		if org, ok := s.state.organizations[id]; ok {
			organizations = append(organizations, s.nested(org))
		}
	}
	response["organizations"] = organizations
	maps.Copy(response, u.Extra)
	return response
}

// nested is an organization as it appears in other objects.
func (s *Server) nested(o *organization) map[string]any {
	if s.config.Unusual {
		return map[string]any{"id": o.ID, "name": o.Name}
	}
	return o.response()
}

// userResponses returns the users that match, by ascending id.
func (s *Server) userResponses(matches func(*User) bool) []map[string]any {
	responses := []map[string]any{}
	for _, u := range s.state.users {
		if matches(u) {
			responses = append(responses, s.userResponse(u))
		}
	}
	return responses
}

func (s *Server) getMembers(_ *call, org *organization) (any, error) {
	if org.Members != nil {
		return org.Members, nil
	}
	return s.userResponses(func(u *User) bool { return slices.Contains(u.Organizations, org.ID) }), nil
}

func (s *Server) getUsers(*call) (any, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.userResponses(func(*User) bool { return true }), nil
}

func (s *Server) getLoggedInUser(c *call) (any, error) {
	c.id = c.user.ID
	return s.getUser(c)
}

func (s *Server) getUser(c *call) (any, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	u := s.state.userByID(c.id)
	switch {
	case c.id != c.user.ID && !c.user.isAdmin():
		return nil, forbidden("You may only read your own user.")
	case u == nil:
		return nil, noUser(c.id)
	}
	return s.userResponse(u), nil
}

func noUser(id int64) error {
	return notFound("User " + strconv.FormatInt(id, 10) + " does not exist.")
}

// userRequest is a UserRequest. A field that is missing or null is nil.
type userRequest struct {
	Organizations   *[]int64 `json:"organizations"`
	Roles           *string  `json:"roles"`
	LicenseAccepted *bool    `json:"licenseAccepted"`
	JSONSettings    *string  `json:"jsonSettings"`
	Feedback        *string  `json:"feedback"`
	settings        *map[string]any
}

func (s *Server) updateUser(c *call) (any, error) {
	var request userRequest
	if err := s.readInto(c, &request); err != nil {
		return nil, err
	}
	if request.JSONSettings != nil {
		request.settings = new(map[string]any)
		if decodeJSON(strings.NewReader(*request.JSONSettings), request.settings) != nil || *request.settings == nil {
			return nil, badRequest("jsonSettings must be a JSON object, encoded as a string.")
		}
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	u := s.state.userByID(c.id)
	if u == nil {
		return nil, noUser(c.id)
	}
	if request.Organizations != nil {
		for _, id := range *request.Organizations {
			if s.state.organizations[id] == nil {
				return nil, badRequest(fmt.Sprintf("organizations contains %d, which does not exist.", id))
			}
		}
	}
	replace(&u.Organizations, request.Organizations, s.config.Unusual)
	replace(&u.Roles, request.Roles, s.config.Unusual)
	replace(&u.LicenseAccepted, request.LicenseAccepted, s.config.Unusual)
	replace(&u.Settings, request.settings, s.config.Unusual)
	return s.userResponse(u), s.state.save()
}

// replace sets a field to the value of a request. A field that the request omits is kept or wiped.
func replace[T any](field, value *T, wipe bool) {
	if value == nil && wipe {
		value = new(T)
	}
	if value != nil {
		*field = *value
	}
}

// sendInvite adds a user who isn't registered. On an unusual platform, an invited user doesn't appear before registering,
// which the sandbox has no call for.
func (s *Server) sendInvite(c *call) (any, error) {
	var request struct{ Email, Name string }
	if err := s.readInto(c, &request); err != nil {
		return nil, err
	}
	for field, text := range map[string]string{"email": request.Email, "name": request.Name} {
		if strings.TrimSpace(text) == "" || len(text) > 255 {
			return nil, badRequest(field + " must not be blank or longer than 255.")
		}
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	known := s.state.user(func(u *User) bool { return strings.EqualFold(u.Email, request.Email) })
	if s.config.Unusual || known != nil {
		return nil, nil
	}
	s.state.addUser(&User{Name: request.Name, Email: request.Email, Roles: roleUser})
	return nil, s.state.save()
}

// readInto decodes a request body, which must be a JSON object.
func (s *Server) readInto(c *call, into any) error {
	object, err := s.readObject(c)
	if err != nil {
		return err
	}
	normal, err := json.Marshal(object)
	if err == nil {
		err = decodeJSON(bytes.NewReader(normal), into)
	}
	if err != nil {
		return badRequest("The request body is invalid: " + err.Error())
	}
	return nil
}

// AddUser stores a user and returns it as stored. ID 0 gets the next free id; an existing user with the same id is
// replaced. Empty Roles are those of an ordinary user. It panics if Settings or Extra can't be encoded as JSON.
func (s *Server) AddUser(u User) User {
	if u.Roles == "" {
		u.Roles = roleUser
	}
	stored := mustNormalize(u)
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.addUser(&stored)
	s.state.mustSave()
	return mustNormalize(stored)
}

// User returns a copy of a user, and whether it exists.
func (s *Server) User(id int64) (found User, ok bool) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	if u := s.state.userByID(id); u != nil {
		return mustNormalize(*u), true
	}
	return User{}, false
}

// Users returns copies of all users by ascending id.
func (s *Server) Users() []User {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := make([]User, len(s.state.users))
	for i, u := range s.state.users {
		all[i] = mustNormalize(*u)
	}
	return all
}

// UpdateUser applies change to a user, except to its id, and reports whether the user exists. change must not call the
// server.
func (s *Server) UpdateUser(id int64, change func(*User)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	u := s.state.userByID(id)
	if u == nil {
		return false
	}
	changed := mustNormalize(*u)
	change(&changed)
	changed.ID = id
	*u = mustNormalize(changed)
	s.state.mustSave()
	return true
}

// DeleteUser deletes a user and reports whether it existed.
func (s *Server) DeleteUser(id int64) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	before := len(s.state.users)
	s.state.users = slices.DeleteFunc(s.state.users, func(u *User) bool { return u.ID == id })
	s.state.mustSave()
	return len(s.state.users) < before
}

// AddMember makes a user a member of an organization. It panics if either doesn't exist.
func (s *Server) AddMember(organizationID, userID int64) {
	s.mustUpdate(organizationID, func(*organization) {
		s.state.userByID(userID).setMember(organizationID, true)
	})
}

// SetMembers makes get_members respond with the given UserResponse objects, unchanged and whoever the members are. The
// members become the users whose uid is among them. SetMembers panics if the organization doesn't exist or a member
// can't be encoded as JSON.
func (s *Server) SetMembers(organizationID int64, members []map[string]any) {
	normal := mustNormalize(members)
	s.mustUpdate(organizationID, func(org *organization) {
		org.Members = normal
		for _, u := range s.state.users {
			u.setMember(organizationID, slices.ContainsFunc(normal, func(m map[string]any) bool { return m["uid"] == u.UID }))
		}
	})
}
