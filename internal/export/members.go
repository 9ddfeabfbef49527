package export

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// memberItem is a user who is a member of an organization.
type memberItem struct {
	guardai.User
	// email is how the configuration names the user; empty if it isn't one user's address.
	email           string
	label, importID string
}

// addMembers adds the members of all organizations. It lists the users once, or the members of each organization if the
// caller may not list users or the list omits a user's organizations.
func (p *platform) addMembers(ctx context.Context, client *guardai.Client) error {
	users, err := client.ListUsers(ctx)
	if err != nil && !guardai.IsForbidden(err) {
		return err
	}
	byOrganization := err != nil || slices.ContainsFunc(users, func(u guardai.User) bool { return u.Organizations == nil })
	emails := countEmails(users)
	for _, org := range p.organizations {
		members := slices.DeleteFunc(slices.Clone(users), func(u guardai.User) bool { return !u.IsMember(org.ID) })
		if byOrganization {
			members, err = client.ListMembers(ctx, org.ID, false)
			emails = countEmails(members)
		}
		switch {
		case guardai.IsForbidden(err):
			p.omit("listing them requires administrator rights", "members of %s", title(org.Organization))
		case err != nil:
			return err
		default:
			p.addMembersOf(org, members, emails)
		}
	}
	return nil
}

// addMembersOf adds members to an organization. emails counts the users with each address.
func (p *platform) addMembersOf(org *organizationItem, members []guardai.User, emails map[string]int) {
	for _, user := range members {
		item := &memberItem{User: user}
		if key := emailKey(user); strings.Contains(key, "@") && strings.TrimSpace(key) == key && emails[key] == 1 {
			item.email = *user.Email
		}
		switch {
		case user.ID == nil:
			p.omit("the platform lists the user without an id", "a member of %s", title(org.Organization))
		case item.email == "" && p.layout.emails:
			p.omit("the module takes email addresses, and the user has none or the same as another", "member %d of %s", *user.ID, title(org.Organization))
		default:
			item.importID = org.id + "/" + component.FormatID(*user.ID)
			org.members = append(org.members, item)
		}
	}
}

// countEmails counts the users with each email address, regardless of case.
func countEmails(users []guardai.User) map[string]int {
	counts := map[string]int{}
	for _, user := range users {
		counts[emailKey(user)]++
	}
	return counts
}

// emailKey returns an email address as the module spells it; empty if there is none.
func emailKey(user guardai.User) string {
	if user.Email == nil {
		return ""
	}
	return strings.ToLower(*user.Email)
}

// labelMembers assigns labels, which are unique among all members.
func (p *platform) labelMembers() {
	var all []*memberItem
	var labels []candidate
	for _, org := range p.organizations {
		for _, m := range org.members {
			id := component.FormatID(*m.ID)
			local, _, _ := strings.Cut(m.email, "@")
			name := org.label + p.layout.separator + cmp.Or(strings.TrimLeft(label(local), "_"), "user_"+id)
			labels = append(labels, candidate{name, name + "_" + id})
			all = append(all, m)
		}
	}
	for i, label := range newNames().assign(labels) {
		all[i].label = label
	}
}

func (p *platform) members() (n int) {
	for _, org := range p.organizations {
		n += len(org.members)
	}
	return n
}
