// Package member offers the members of an organization: a data source, since the
// API has no call that changes them.
package member

import (
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// arguments are what the data source takes.
type arguments struct {
	OrganizationID types.Int64 `tfsdk:"organization_id"`
	IncludeAvatars types.Bool  `tfsdk:"include_avatars"`
}

var (
	numbersType  = tftypes.List{ElementType: tftypes.Number}
	settingsType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"favorite_projects": numbersType,
		"notifications":     tftypes.Bool,
	}}
	memberType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id":               tftypes.Number,
		"uid":              tftypes.String,
		"name":             tftypes.String,
		"email":            tftypes.String,
		"roles":            tftypes.String,
		"registered":       tftypes.Bool,
		"license_accepted": tftypes.Bool,
		"last_login_at":    tftypes.String,
		"time_used":        tftypes.Number,
		"organization_ids": numbersType,
		"settings":         settingsType,
		"avatar":           tftypes.String,
	}}
	membersType = tftypes.List{ElementType: memberType}
	stateType   = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"organization_id": tftypes.Number,
		"include_avatars": tftypes.Bool,
		"members":         membersType,
	}}
)

// state maps an answer to the data source's state. It makes the values itself:
// an organization may have thousands of members, and setting a model would take
// the framework several times the memory and time.
func (a arguments) state(members []guardai.Member) tftypes.Value {
	values := make([]tftypes.Value, 0, len(members))
	for _, member := range members {
		values = append(values, memberValue(member))
	}
	return tftypes.NewValue(stateType, map[string]tftypes.Value{
		"organization_id": tftypes.NewValue(tftypes.Number, a.OrganizationID.ValueInt64Pointer()),
		"include_avatars": tftypes.NewValue(tftypes.Bool, a.IncludeAvatars.ValueBoolPointer()),
		"members":         tftypes.NewValue(membersType, values),
	})
}

func memberValue(member guardai.Member) tftypes.Value {
	return tftypes.NewValue(memberType, map[string]tftypes.Value{
		"id":               tftypes.NewValue(tftypes.Number, member.ID),
		"uid":              tftypes.NewValue(tftypes.String, member.UID),
		"name":             tftypes.NewValue(tftypes.String, member.Name),
		"email":            tftypes.NewValue(tftypes.String, member.Email),
		"roles":            tftypes.NewValue(tftypes.String, member.Roles),
		"registered":       tftypes.NewValue(tftypes.Bool, member.Registered),
		"license_accepted": tftypes.NewValue(tftypes.Bool, member.LicenseAccepted),
		"last_login_at":    tftypes.NewValue(tftypes.String, component.Time(member.LastLoginAt).ValueStringPointer()),
		"time_used":        tftypes.NewValue(tftypes.Number, member.TimeUsed),
		"organization_ids": component.CollectionValue(numbersType, tftypes.Number, member.OrganizationIDs),
		"settings":         settingsValue(member.Settings),
		"avatar":           tftypes.NewValue(tftypes.String, member.Avatar),
	})
}

func settingsValue(settings *guardai.MemberSettings) tftypes.Value {
	if settings == nil {
		return tftypes.NewValue(settingsType, nil)
	}
	return tftypes.NewValue(settingsType, map[string]tftypes.Value{
		"favorite_projects": component.CollectionValue(numbersType, tftypes.Number, settings.FavoriteProjects),
		"notifications":     tftypes.NewValue(tftypes.Bool, settings.Notifications),
	})
}
