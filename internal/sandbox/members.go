package sandbox

import (
	"maps"
	"net/http"
	"slices"
)

// member returns a user as a UserResponse.
func (u *user) member() map[string]any {
	return map[string]any{
		"id": number(u.id), "uid": u.uid, "name": u.name, "email": u.email, "roles": u.roles(),
		"registered": true, "licenseAccepted": true, "timeUsed": number(0),
		"settings": u.settings(), "organizations": []any{},
	}
}

func (o *organization) hasMember(uid string) bool {
	return slices.ContainsFunc(o.members, func(member map[string]any) bool { return member["uid"] == uid })
}

func (s *Server) getMembers(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	members := []map[string]any{}
	if err := s.state.view(id, who, func(org *organization) error {
		members = append(members, org.members...)
		return nil
	}); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, members)
}

// SetMembers sets an organization's members, each a UserResponse as it is on the
// wire. The ordinary user may use the organization while one of them has the uid
// UserUID. It panics where there is no such organization, or where a member is
// not JSON.
func (s *Server) SetMembers(organizationID int64, members []map[string]any) {
	normal := mustNormalizeAll(members)
	s.mustUpdate(organizationID, func(org *organization) { org.members = normal })
}

// withOrganizations returns a member as one that belongs to organizations.
func withOrganizations(member map[string]any, organizations ...map[string]any) map[string]any {
	member = maps.Clone(member)
	member["organizations"] = organizations
	return member
}
