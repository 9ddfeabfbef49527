package guardai

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Member is the API's UserResponse. Fields that the platform omits are nil, or the zero time.
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
	// Organizations are sorted by ascending id, those without an id last; nil if the platform omits the list.
	Organizations []MemberOrganization
	Settings      *MemberSettings
	// Avatar is base64-encoded; nil unless requested.
	Avatar *string
}

// MemberOrganization identifies an organization that a member belongs to.
type MemberOrganization struct {
	ID   *int64  `json:"id"`
	Name *string `json:"name"`
}

// MemberSettings is the API's UserSettings.
type MemberSettings struct {
	FavoriteProjects []*int64 `json:"favoriteProjects"`
	Notifications    *bool    `json:"notifications"`
}

// memberResponse is the JSON form of UserResponse. Only the ids and names of its organizations are decoded.
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

// organizations are sorted because the platform guarantees no order.
func (r memberResponse) organizations() []MemberOrganization {
	slices.SortStableFunc(r.Organizations, func(a, b MemberOrganization) int { return compareIDs(a.ID, b.ID) })
	return r.Organizations
}

// ListMembers returns the members of an organization by ascending id, those without an id last. Avatars can be large,
// so they are kept only if withAvatars is set. It requires administrator rights.
func (c *Client) ListMembers(ctx context.Context, organizationID int64, withAvatars bool) ([]Member, error) {
	convert := func(r memberResponse) (Member, error) { return r.member(withAvatars), nil }
	return fetchConvertedList(ctx, c, adminRequest(http.MethodGet, "/members", organizationID), convert, func(m Member) *int64 { return m.ID })
}
