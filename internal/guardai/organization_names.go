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
	// forbidden is why the caller may not list organizations; nil if it may.
	forbidden error
}

// OrganizationsNamed returns the ids of the organizations of a name, in ascending order, without those that this run
// created. Any number of calls cost one list, because a list after each create would cost as many as there are creates.
// It requires administrator rights. An error is not remembered unless it is IsForbidden.
func (c *Client) OrganizationsNamed(ctx context.Context, name string) ([]int64, error) {
	ids, err := c.listNames(ctx)
	if err != nil {
		return nil, c.wrapCanceled(ctx, listRequest, err)
	}
	return slices.DeleteFunc(slices.Clone(ids[norm.NFC.String(name)]), func(id int64) bool { return c.organizations.owns(id) }), nil
}

// listNames returns the names of the first list. Callers that need it at the same time share the request.
func (c *Client) listNames(ctx context.Context) (map[string][]int64, error) {
	n := &c.names
	n.mu.Lock()
	ids, forbidden := n.ids, n.forbidden
	n.mu.Unlock()
	if ids != nil || forbidden != nil {
		return ids, forbidden
	}
	all, err := c.cache.list(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	if IsForbidden(err) {
		n.forbidden = err
	}
	if err != nil || n.ids != nil {
		return n.ids, err
	}
	n.ids = map[string][]int64{}
	for _, org := range all {
		key := norm.NFC.String(org.Name)
		n.ids[key] = append(n.ids[key], org.ID)
	}
	return n.ids, nil
}
