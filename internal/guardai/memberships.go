package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// The API has no call that adds or removes one membership. The only write replaces a user's whole record, and nothing
// documents what it does with a field that it lacks. A change of a membership therefore reads the user, sends back
// everything that it read, and compares the result.

// maxMembershipWrites limits how often a change is written while the platform rejects it and the user's memberships keep
// changing.
const maxMembershipWrites = 20

// AddMember makes a user a member of an organization and returns the user. A user that is a member already isn't written.
// A missing user is IsNotFound. It requires administrator rights.
func (c *Client) AddMember(ctx context.Context, organizationID, userID int64) (*User, error) {
	return c.changeMembership(ctx, userID, membershipChange{organizationID, true})
}

// RemoveMember ends a user's membership of an organization. The first call after AddMember of this client found the
// membership ends nothing: if one resource takes the place of another for the same membership, the removal of the old one
// must not end it. A user that isn't a
// member isn't written. A missing user is IsNotFound. It requires administrator rights.
func (c *Client) RemoveMember(ctx context.Context, organizationID, userID int64) error {
	_, err := c.changeMembership(ctx, userID, membershipChange{organizationID, false})
	return err
}

// Membership returns a member of an organization, or nil if the user isn't one or the user or the organization doesn't
// exist. It uses the list of users. If that is forbidden, or lacks the user or the user's organizations, it uses the list
// of the organization's members, and if that is forbidden too, the user.
func (c *Client) Membership(ctx context.Context, organizationID, userID int64) (*User, error) {
	users, err := c.ListUsers(ctx)
	if err != nil && !IsForbidden(err) {
		return nil, err
	}
	if found := filter(users, func(u User) bool { return u.HasID(userID) }); len(found) > 0 && found[0].listsOrganizations() {
		return found[0].in(organizationID), nil
	}
	members, err := c.cachedMembers(ctx, organizationID)
	switch {
	case IsForbidden(err):
		return c.membershipOfUser(ctx, organizationID, userID)
	case isStatus404(err):
		if err = c.confirmGone(ctx, organizationID, err); IsNotFound(err) {
			return nil, nil
		}
		return nil, err
	case err != nil:
		return nil, err
	}
	if found := filter(members, func(u User) bool { return u.HasID(userID) }); len(found) > 0 {
		return &found[0], nil
	}
	return nil, nil
}

func (c *Client) membershipOfUser(ctx context.Context, organizationID, userID int64) (*User, error) {
	record, err := c.readUser(ctx, userRequest(http.MethodGet, userID), userID)
	switch {
	case IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case record.organizationIDs == nil:
		return nil, fmt.Errorf("the platform doesn't report the organizations of user %d", userID)
	}
	return record.user.in(organizationID), nil
}

// in returns the user if it is a member of an organization, or nil.
func (u *User) in(organizationID int64) *User {
	if u.IsMember(organizationID) {
		return u
	}
	return nil
}

// cachedMembers returns the members of an organization. The list is cached until a membership changes.
func (c *Client) cachedMembers(ctx context.Context, organizationID int64) ([]User, error) {
	members, err := c.users.members.get(ctx, fmt.Sprint(organizationID), func(ctx context.Context) ([]User, error) {
		return c.ListMembers(ctx, organizationID, false)
	})
	if err == nil && members == nil {
		err = errors.New("the platform reports null in place of a list of members")
	}
	return members, c.wrapCanceled(ctx, adminRequest(http.MethodGet, "/members", organizationID), err)
}

// membershipChange adds or removes one organization.
type membershipChange struct {
	organizationID int64
	add            bool
}

// isAppliedTo reports whether a list of organizations needs no change.
func (m membershipChange) isAppliedTo(organizationIDs []int64) bool {
	return slices.Contains(organizationIDs, m.organizationID) == m.add
}

func (m membershipChange) applyTo(organizationIDs []int64) []int64 {
	if m.add {
		return append(slices.Clone(organizationIDs), m.organizationID)
	}
	return slices.DeleteFunc(slices.Clone(organizationIDs), func(id int64) bool { return id == m.organizationID })
}

func (c *Client) changeMembership(ctx context.Context, userID int64, change membershipChange) (*User, error) {
	unlock, err := c.lockUser(ctx, userID)
	if err != nil {
		return nil, c.wrapCanceled(ctx, userRequest(http.MethodPut, userID), err)
	}
	defer unlock()
	key := membershipKey{change.organizationID, userID}
	if !change.add && c.users.wasKept(key) {
		return nil, nil //nolint:nilnil // Nothing is read.
	}
	defer c.users.invalidate()
	write := &membershipWrite{client: c, userID: userID, change: change}
	user, err := write.do(ctx)
	for attempt := 1; attempt < maxMembershipWrites && write.isOutdated(ctx, err); attempt++ {
		user, err = write.do(ctx)
	}
	if err == nil && change.add && change.isAppliedTo(write.before.organizationIDs) {
		c.users.keep(key)
	}
	return user, err
}

// lockUser locks a user for one writer and, if it is the user that the client acts as, waits for creates of
// organizations.
func (c *Client) lockUser(ctx context.Context, id int64) (unlock func(), err error) {
	unlockUser, err := c.userLocks.Lock(ctx, id)
	if err != nil {
		return nil, err
	}
	if self, err := c.IsCurrentUser(ctx, id); err == nil && !self {
		return unlockUser, nil
	}
	unlockCreator, err := c.creatorLock.Lock(ctx, 0)
	if err != nil {
		unlockUser()
		return nil, err
	}
	return func() { unlockCreator(); unlockUser() }, nil
}

// membershipWrite is a change of a membership that may take several writes.
type membershipWrite struct {
	client *Client
	userID int64
	change membershipChange
	// before is the user as it was read first, with which each result is compared, and base as it was read last.
	before, base *userRecord
}

// do reads the user, writes it with the change, and compares what comes back.
func (w *membershipWrite) do(ctx context.Context) (*User, error) {
	req, read := userRequest(http.MethodPut, w.userID), userRequest(http.MethodGet, w.userID)
	req.Admin, req.ReadsFirst, read.Prepaid = true, true, true
	req.Body = func(ctx context.Context) (*rest.Body, error) {
		if err := w.read(ctx, read); err != nil {
			return nil, err
		}
		request, err := w.base.withMemberships(w.change.applyTo(w.base.organizationIDs))
		if err != nil {
			return nil, err
		}
		return rest.JSON(request)
	}
	after, err := fetch(ctx, w.client, req, decodeUserRecord(w.userID))
	e, ofWrite := errors.AsType[*Error](err)
	ofWrite = ofWrite && e.Method == http.MethodPut
	switch {
	case errors.Is(err, errUnchanged):
		after, err = w.base, nil
	case err == nil && after.organizationIDs == nil:
		after, err = w.client.readUser(ctx, userRequest(http.MethodGet, w.userID), w.userID)
	case ofWrite && e.Kind == rest.KindInvalidResponse:
		after, err = w.readAfter(ctx, err)
	case ofWrite:
		// Only a read shows that the user is gone: the platform may mean one of the organizations.
		err = notMissing(err)
	}
	if err != nil {
		return nil, err
	}
	return after.user, w.compare(ctx, after, w.change)
}

// readAfter reads the user after a write with an invalid response, which the platform may have carried out all the same.
// If it didn't, readAfter returns the error of the write.
func (w *membershipWrite) readAfter(ctx context.Context, writeErr error) (*userRecord, error) {
	after, err := w.client.readUser(ctx, userRequest(http.MethodGet, w.userID), w.userID)
	switch {
	case err != nil:
		return nil, writeErr
	case w.change.isAppliedTo(after.organizationIDs):
		return after, nil
	}
	if err := w.compare(ctx, after, membershipChange{}); err != nil {
		return nil, err
	}
	return nil, writeErr
}

// read reads the user as the base of a write. If an earlier write lost something, that must not be the base of another.
func (w *membershipWrite) read(ctx context.Context, req *rest.Request) error {
	record, err := w.client.readUser(ctx, req, w.userID)
	if err != nil {
		return err
	}
	w.base = record
	if w.before == nil {
		w.before = record
	} else if err := w.compare(ctx, record, membershipChange{}); err != nil {
		return err
	}
	if w.change.isAppliedTo(record.organizationIDs) {
		return errUnchanged
	}
	return nil
}

// compare returns an error unless the user has everything that it had before, and the membership of the change, if there
// is one.
func (w *membershipWrite) compare(ctx context.Context, after *userRecord, change membershipChange) error {
	problems := after.compareFields(w.before)
	others := slices.ContainsFunc(w.before.organizationIDs, func(id int64) bool { return id != w.change.organizationID })
	if after.organizationIDs == nil && (change.add || others) {
		problems = append(problems, "no organizations")
	} else {
		problems = append(problems, w.compareMemberships(ctx, after, change)...)
	}
	return after.problemsError(problems)
}

func (w *membershipWrite) compareMemberships(ctx context.Context, after *userRecord, change membershipChange) (problems []string) {
	for _, id := range w.before.organizationIDs {
		// Another run may have deleted the organization.
		if id != w.change.organizationID && !slices.Contains(after.organizationIDs, id) && !w.client.isGone(ctx, id) {
			problems = append(problems, fmt.Sprintf("no membership of organization %d", id))
		}
	}
	switch {
	case change.organizationID == 0 || change.isAppliedTo(after.organizationIDs):
	case change.add:
		problems = append(problems, fmt.Sprintf("no membership of organization %d", change.organizationID))
	default:
		problems = append(problems, fmt.Sprintf("still a membership of organization %d", change.organizationID))
	}
	return problems
}

// isGone reports whether an organization is known not to exist.
func (c *Client) isGone(ctx context.Context, id int64) bool {
	_, err := c.ReadOrganization(ctx, id)
	return IsNotFound(err)
}

// isOutdated reports whether a write was rejected and the user's memberships have changed since they were read for it,
// for example because one of the organizations was deleted.
func (w *membershipWrite) isOutdated(ctx context.Context, err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Method != http.MethodPut || e.Status < 400 || e.Status >= 500 {
		return false
	}
	current, err := w.client.readUser(ctx, userRequest(http.MethodGet, w.userID), w.userID)
	return err == nil && !slices.Equal(w.base.organizationIDs, current.organizationIDs)
}

func (c *Client) readUser(ctx context.Context, req *rest.Request, id int64) (*userRecord, error) {
	return fetch(ctx, c, req, decodeUserRecord(id))
}
