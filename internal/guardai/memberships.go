package guardai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// The API has no call that adds or removes one membership. The only write replaces a user's whole record, and nothing
// documents what it does with a field that it lacks. A change of a membership therefore reads the user, sends back
// everything that it read, and compares the result.

// AddMember makes a user a member of an organization and returns the user. A user that is a member already isn't written.
// A missing user is IsNotFound. It requires administrator rights.
func (c *Client) AddMember(ctx context.Context, organizationID, userID int64) (*User, error) {
	return c.changeMembership(ctx, userID, membershipChange{organizationID, true})
}

// RemoveMember ends a user's membership of an organization. A user that isn't a member isn't written. A missing user is
// IsNotFound. It requires administrator rights.
func (c *Client) RemoveMember(ctx context.Context, organizationID, userID int64) error {
	_, err := c.changeMembership(ctx, userID, membershipChange{organizationID, false})
	return err
}

// Membership returns a member of an organization, or nil if the user isn't one or the user or the organization doesn't
// exist. It uses the list of users. If that is forbidden or doesn't tell, it uses the list of the organization's members.
func (c *Client) Membership(ctx context.Context, organizationID, userID int64) (*User, error) {
	user, err := c.GetUser(ctx, userID)
	switch {
	case IsNotFound(err):
		return nil, nil
	case err == nil && user.Organizations != nil:
		if !user.IsMember(organizationID) {
			return nil, nil
		}
		return user, nil
	case err != nil && !IsForbidden(err):
		return nil, err
	}
	members, err := c.cachedMembers(ctx, organizationID)
	if found := filter(members, func(u User) bool { return u.HasID(userID) }); len(found) > 0 {
		return &found[0], nil
	}
	if IsNotFound(err) {
		return nil, nil
	}
	return nil, err
}

// cachedMembers returns the members of an organization. The list is cached until a membership changes.
func (c *Client) cachedMembers(ctx context.Context, organizationID int64) ([]User, error) {
	members, err := c.members.get(ctx, fmt.Sprint(organizationID), func(ctx context.Context) ([]User, error) {
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
	defer c.invalidateUsers()
	for write := 1; ; write++ {
		record, err := c.writeMembership(ctx, userID, change)
		if err != nil && write < maxWrites && c.isOutdated(ctx, userID, record, err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return record.user, nil
	}
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

func (c *Client) invalidateUsers() {
	c.users.invalidate()
	c.members.invalidate()
	c.currentUser.invalidate()
}

// isOutdated reports whether a write was rejected and the user's memberships have changed since they were read for it,
// for example because one of the organizations was deleted.
func (c *Client) isOutdated(ctx context.Context, userID int64, written *userRecord, err error) bool {
	e, ok := errors.AsType[*Error](err)
	if written == nil || !ok || e.Method != http.MethodPut || e.Status < 400 || e.Status >= 500 {
		return false
	}
	current, err := c.readUser(ctx, userRequest(http.MethodGet, userID), userID)
	return err == nil && !slices.Equal(written.organizationIDs, current.organizationIDs)
}

// writeMembership reads a user, writes it with the change, and compares what comes back. It returns the user as it is now
// or, with an error, as it was read for the write.
func (c *Client) writeMembership(ctx context.Context, id int64, change membershipChange) (*userRecord, error) {
	var before *userRecord
	var sent map[string]json.RawMessage
	req, read := userRequest(http.MethodPut, id), userRequest(http.MethodGet, id)
	req.Admin, req.ReadsFirst, read.Prepaid = true, true, true
	req.Body = func(ctx context.Context) (_ *rest.Body, err error) {
		if before, err = c.readUser(ctx, read, id); err != nil {
			return nil, err
		}
		if change.isAppliedTo(before.organizationIDs) {
			return nil, errUnchanged
		}
		if sent, err = before.withMemberships(change.applyTo(before.organizationIDs)); err != nil {
			return nil, err
		}
		return rest.JSON(sent)
	}
	after, err := fetch(ctx, c, req, decodeUserRecord(id))
	switch {
	case errors.Is(err, errUnchanged):
		return before, nil
	case isKind(err, rest.KindInvalidResponse), err == nil && after.organizationIDs == nil:
		// The platform may have applied the change all the same.
		after, err = c.readUser(ctx, userRequest(http.MethodGet, id), id)
	case isStatus404(err):
		// Only a read shows that the user is gone: the platform may mean one of the organizations.
		if e, ok := errors.AsType[*Error](err); ok && e.Method == http.MethodPut {
			e.Kind = rest.KindStatus
		}
	}
	if err != nil {
		return before, err
	}
	return after, after.compare(before, change)
}

func (c *Client) readUser(ctx context.Context, req *rest.Request, id int64) (*userRecord, error) {
	return fetch(ctx, c, req, decodeUserRecord(id))
}
