package guardai

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// organizationNames remembers the names on the platform at the first list of a run.
type organizationNames struct {
	mu sync.Mutex
	// ids are the ids by name in Unicode NFC; nil before the first list.
	ids map[string][]int64
}

// OrganizationsNamed returns the ids of the organizations of a name, in ascending order, without those that this run
// created. Any number of calls cost one list, because a list after each create would cost as many as there are creates.
// It requires administrator rights.
func (c *Client) OrganizationsNamed(ctx context.Context, name string) ([]int64, error) {
	ids, err := c.firstNames(ctx)
	if err != nil {
		return nil, c.wrapCanceled(ctx, listRequest, err)
	}
	return slices.DeleteFunc(slices.Clone(ids[norm.NFC.String(name)]), c.organizations.hasCreated), nil
}

// firstNames returns the names of the first list.
func (c *Client) firstNames(ctx context.Context) (map[string][]int64, error) {
	n := &c.names
	n.mu.Lock()
	ids := n.ids
	n.mu.Unlock()
	if ids != nil {
		return ids, nil
	}
	all, err := c.cache.list(ctx)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids == nil {
		n.ids = map[string][]int64{}
		for _, org := range all {
			key := norm.NFC.String(org.Name)
			n.ids[key] = append(n.ids[key], org.ID)
		}
	}
	return n.ids, nil
}
