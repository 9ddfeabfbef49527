package guardai

import (
	"context"
	"sync"
)

// organizationReads shares what is read of organizations within one run. An
// organization that was read since its last write isn't read again.
type organizationReads struct {
	client  *Client
	flights flights[readKey, *Organization]

	mu sync.Mutex
	// writes counts, for each organization, the begins and ends of writes. A read
	// belongs to the count that it began with.
	writes map[int64]int
	known  map[readKey]*Organization
}

// readKey is an organization between two writes.
type readKey struct {
	id     int64
	writes int
}

func newOrganizationReads(c *Client) *organizationReads {
	return &organizationReads{client: c, writes: map[int64]int{}, known: map[readKey]*Organization{}}
}

func (r *organizationReads) organization(ctx context.Context, id int64) (*Organization, error) {
	key, known := r.lookUp(id)
	if known != nil {
		return known, nil
	}
	return r.flights.do(ctx, key, func(ctx context.Context) (*Organization, error) {
		org, err := r.client.ReadOrganization(ctx, id)
		if err == nil {
			r.keep(key, org)
		}
		return org, err
	})
}

func (r *organizationReads) lookUp(id int64) (readKey, *Organization) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := readKey{id: id, writes: r.writes[id]}
	return key, r.known[key]
}

// keep remembers a read, unless a write has begun since.
func (r *organizationReads) keep(key readKey, org *Organization) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.writes[key.id] == key.writes {
		r.known[key] = org
	}
}

// writing runs a write of an organization. What is read before its end is not
// taken for what is there after it.
func (r *organizationReads) writing(id int64, write func() error) error {
	r.stale(id)
	defer r.stale(id)
	return write()
}

func (r *organizationReads) stale(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, readKey{id: id, writes: r.writes[id]})
	r.writes[id]++
}
