package guardai

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Member is the contract's UserResponse. What the platform left out is nil, or
// the zero time.
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
	// OrganizationIDs are those of the organizations that the platform lists with
	// the member.
	OrganizationIDs []int64
	Settings        *MemberSettings
	// Avatar is base64, as on the wire; nil unless it was asked for.
	Avatar *string
}

// MemberSettings is the contract's UserSettings.
type MemberSettings struct {
	FavoriteProjects []int64 `json:"favoriteProjects"`
	Notifications    *bool   `json:"notifications"`
}

// memberAnswer is a UserResponse on the wire. Of the organizations in it only
// their ids are decoded, and the avatar only on request: either can be large.
type memberAnswer struct {
	ID                *int64          `json:"id"`
	UID               *string         `json:"uid"`
	Name              *string         `json:"name"`
	Email             *string         `json:"email"`
	Avatar            json.RawMessage `json:"avatar"`
	LastLoginDateTime dateTime        `json:"lastLoginDateTime"`
	LicenseAccepted   *bool           `json:"licenseAccepted"`
	Registered        *bool           `json:"registered"`
	Roles             *string         `json:"roles"`
	TimeUsed          *int64          `json:"timeUsed"`
	Organizations     []struct {
		ID *int64 `json:"id"`
	} `json:"organizations"`
	Settings *MemberSettings `json:"settings"`
}

func (a memberAnswer) member(withAvatar bool) (Member, error) {
	m := Member{
		ID: a.ID, UID: a.UID, Name: a.Name, Email: a.Email, Roles: a.Roles,
		Registered: a.Registered, LicenseAccepted: a.LicenseAccepted,
		LastLoginAt: a.LastLoginDateTime.Time, TimeUsed: a.TimeUsed, Settings: a.Settings,
	}
	for _, org := range a.Organizations {
		if org.ID != nil {
			m.OrganizationIDs = append(m.OrganizationIDs, *org.ID)
		}
	}
	if withAvatar && len(a.Avatar) > 0 {
		if err := json.Unmarshal(a.Avatar, &m.Avatar); err != nil {
			return m, &unusable{problem: "an avatar in it is not a string"}
		}
	}
	return m, nil
}

// ListMembers returns the members of an organization, with their avatars only on
// request. It is for administrators only.
func (c *Client) ListMembers(ctx context.Context, organizationID int64, withAvatars bool) ([]Member, error) {
	var members []Member
	err := c.do(ctx, &call{
		method: http.MethodGet, template: organizationPath + "/members", organizationID: organizationID, admin: true,
		read: func(r reply) error {
			var answers []memberAnswer
			if err := readJSON(r, &answers); err != nil {
				return err
			}
			members = make([]Member, 0, len(answers))
			for _, answer := range answers {
				member, err := answer.member(withAvatars)
				if err != nil {
					return err
				}
				members = append(members, member)
			}
			return nil
		},
	})
	return members, err
}
