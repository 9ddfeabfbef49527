package sandbox

import (
	"maps"
	"slices"
)

// member returns the user as a UserResponse without organizations.
func (u *user) member() map[string]any {
	return map[string]any{
		"id": jsonNumber(u.id), "uid": u.uid, "name": u.name, "email": u.email, "roles": u.roles(),
		"registered": true, "licenseAccepted": true, "timeUsed": jsonNumber(0), "settings": u.settings(),
	}
}

func (o *organization) hasMember(uid string) bool {
	return slices.ContainsFunc(o.Members, func(member map[string]any) bool { return member["uid"] == uid })
}

func (s *Server) getMembers(_ *call, org *organization) (any, error) {
	members := []map[string]any{}
	for _, member := range org.Members {
		_, complete := member["organizations"]
		if uid, ok := member["uid"].(string); ok && !complete {
			member = maps.Clone(member)
			member["organizations"] = s.state.organizationsOf(uid)
		}
		members = append(members, member)
	}
	return members, nil
}

// organizationsOf returns the id and name of each organization that has the user as a member.
func (st *state) organizationsOf(uid string) []map[string]any {
	organizations := []map[string]any{}
	for _, org := range st.sorted() {
		if org.hasMember(uid) {
			organizations = append(organizations, map[string]any{"id": org.ID, "name": org.Name})
		}
	}
	return organizations
}

// SetMembers sets an organization's members as UserResponse objects. If a member has a uid but no organizations,
// responses list those that it belongs to. The ordinary user has access to the organization if a member's uid is
// UserUID. SetMembers panics if the organization doesn't exist or a member can't be encoded as JSON.
func (s *Server) SetMembers(organizationID int64, members []map[string]any) {
	normal := mustNormalize(members)
	s.mustUpdate(organizationID, func(org *organization) { org.Members = normal })
}
