package guardai

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Member is the contract's UserResponse. What the platform left out is nil, or the zero time.
type Member struct {
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
	// Organizations are those that the platform lists with the member, by ascending
	// id, those without an id last; nil where it lists none, not even an empty list.
	Organizations []MemberOrganization
	Settings      *MemberSettings
	// Avatar is base64, as on the wire; nil unless it was asked for.
	Avatar *string
}

// MemberOrganization is what the platform reports of a member's organization.
type MemberOrganization struct {
	ID   *int64  `json:"id"`
	Name *string `json:"name"`
}

// MemberSettings is the contract's UserSettings.
type MemberSettings struct {
	FavoriteProjects []*int64 `json:"favoriteProjects"`
	Notifications    *bool    `json:"notifications"`
}

// memberResponse is a UserResponse on the wire. Of the organizations in it only ids and names are decoded.
type memberResponse struct {
	ID                *int64               `json:"id"`
	UID               *string              `json:"uid"`
	Name              *string              `json:"name"`
	Email             *string              `json:"email"`
	Avatar            *string              `json:"avatar"`
	LastLoginDateTime dateTime             `json:"lastLoginDateTime"`
	LicenseAccepted   *bool                `json:"licenseAccepted"`
	Registered        *bool                `json:"registered"`
	Roles             *string              `json:"roles"`
	TimeUsed          *int64               `json:"timeUsed"`
	Organizations     []MemberOrganization `json:"organizations"`
	Settings          *MemberSettings      `json:"settings"`
}

func (r memberResponse) member(withAvatar bool) Member {
	m := Member{
		ID: r.ID, UID: r.UID, Name: r.Name, Email: r.Email, Roles: r.Roles,
		Registered: r.Registered, LicenseAccepted: r.LicenseAccepted,
		LastLoginAt: r.LastLoginDateTime.Time, TimeUsed: r.TimeUsed,
		Organizations: r.organizations(), Settings: r.Settings,
	}
	if withAvatar {
		m.Avatar = r.Avatar
	}
	return m
}

// organizations sorts, since the platform promises no order.
func (r memberResponse) organizations() []MemberOrganization {
	slices.SortStableFunc(r.Organizations, func(a, b MemberOrganization) int { return compareIDs(a.ID, b.ID) })
	return r.Organizations
}

// ListMembers returns the members of an organization by ascending id, those without an id last. Avatars, which can be
// large, are kept only on request. It is for administrators only.
func (c *Client) ListMembers(ctx context.Context, organizationID int64, withAvatars bool) ([]Member, error) {
	convert := func(r memberResponse) (Member, error) { return r.member(withAvatars), nil }
	return fetchList(ctx, c, adminRequest(http.MethodGet, "/members", organizationID), convert, func(m Member) *int64 { return m.ID })
}
