package guardai

import "sync"

// userCache is what a client knows of users and their memberships.
type userCache struct {
	// all has one list, members one for each organization, and current a list of one.
	all, members, current listCache[User]

	mu sync.Mutex
	// kept are the memberships that the client added or found when it was to add them.
	kept map[membershipKey]struct{}
}

// membershipKey identifies a membership.
type membershipKey struct{ organizationID, userID int64 }

// invalidate makes later reads see a changed membership.
func (c *userCache) invalidate() {
	c.all.invalidate()
	c.members.invalidate()
	c.current.invalidate()
}

func (c *userCache) keep(key membershipKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[membershipKey]struct{}{}
	}
	c.kept[key] = struct{}{}
}

func (c *userCache) isKept(key membershipKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, kept := c.kept[key]
	return kept
}
