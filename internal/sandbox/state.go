package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Organization is what the platform knows of an organization.
type Organization struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// CreatedAt is kept to the millisecond, as it is on the wire.
	CreatedAt time.Time `json:"createdAt"`
	// Settings is the JSON object on the wire, classMappingFiles and unknown fields
	// included. Its numbers are json.Number.
	Settings map[string]any `json:"settings"`
	Stats    Stats          `json:"stats"`
	// TimeUsed has no documented unit.
	TimeUsed int64 `json:"timeUsed"`
	// Extra holds top-level fields of the response that the contract doesn't know.
	Extra map[string]any `json:"extra"`
}

// Stats are an organization's storage figures. Their unit is not documented.
type Stats struct {
	DatasetStorage int64 `json:"datasetStorage"`
	ProjectStorage int64 `json:"projectStorage"`
}

// state is everything that the platform remembers.
type state struct {
	// mu guards all below. What an organization's Settings and Extra and a file's content hold is never changed in
	// place, so that a copy of the reference stays good when mu is released.
	mu            sync.RWMutex
	nextID        int64
	organizations map[int64]*organization

	dir      stateDir
	defaults bool
}

// organization is an Organization with what its response doesn't show.
type organization struct {
	Organization
	Members      []map[string]any `json:"members,omitempty"`
	Catalog      *Catalog         `json:"catalog,omitempty"`
	PendingStats *Stats           `json:"pendingStats,omitempty"`
	Files        []*file          `json:"files,omitempty"`
}

func newState(dir string, defaults bool) *state {
	return &state{nextID: 1, organizations: map[int64]*organization{}, dir: stateDir{path: dir}, defaults: defaults}
}

// accessible returns the organization that a call names, where its user may use it.
func (st *state) accessible(c *call) (*organization, error) {
	id := strconv.FormatInt(c.organizationID, 10)
	org, ok := st.organizations[c.organizationID]
	if !ok {
		return nil, notFound("Organization " + id + " does not exist.")
	}
	if !c.user.admin && !org.hasMember(c.user.uid) {
		return nil, forbidden("You are not a member of organization " + id + ".")
	}
	return org, nil
}

// add stores an organization under its id, or the next one where it is 0.
func (st *state) add(org *organization) {
	if org.ID == 0 {
		org.ID = st.nextID
	}
	st.nextID = max(st.nextID, org.ID+1)
	st.organizations[org.ID] = org
}

// sorted returns the organizations ascending by id.
func (st *state) sorted() []*organization {
	sorted := make([]*organization, 0, len(st.organizations))
	for _, id := range slices.Sorted(maps.Keys(st.organizations)) {
		sorted = append(sorted, st.organizations[id])
	}
	return sorted
}

// view calls look with an organization, and reports whether there is one.
func (s *Server) view(id int64, look func(*organization)) bool {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	org, ok := s.state.organizations[id]
	if ok {
		look(org)
	}
	return ok
}

// change calls do with an organization and saves the state, and reports whether there is one that do has changed.
func (s *Server) change(id int64, do func(*organization) bool) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[id]
	if !ok || !do(org) {
		return false
	}
	s.state.mustSave()
	return true
}

// mustChange changes an organization on behalf of a test, for which an unknown one is a mistake in the test.
func (s *Server) mustChange(id int64, do func(*organization)) {
	if !s.change(id, func(org *organization) bool { do(org); return true }) {
		panic(fmt.Sprintf("sandbox: there is no organization %d", id))
	}
}

// AddOrganization stores an organization and returns it as stored. ID 0 takes the next id, and an id that is taken is
// replaced with its files and members. A zero CreatedAt is now. Nil Settings are the platform's defaults; others are
// stored as they are. It has no members, so that only administrators can use it. It panics where Settings or Extra
// are not JSON.
func (s *Server) AddOrganization(o Organization) Organization {
	if o.CreatedAt.IsZero() {
		o.CreatedAt = time.Now()
	}
	o.CreatedAt = o.CreatedAt.UTC().Truncate(time.Millisecond)
	if o.Settings == nil {
		o.Settings = s.state.withDefaults(nil)
	}
	stored := &organization{Organization: mustNormalize(o)}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.add(stored)
	s.state.mustSave()
	return mustNormalize(stored.Organization)
}

// Organization returns a copy of an organization, and whether there is one.
func (s *Server) Organization(id int64) (found Organization, ok bool) {
	ok = s.view(id, func(org *organization) { found = mustNormalize(org.Organization) })
	return found, ok
}

// Organizations returns copies of all organizations, ascending by id.
func (s *Server) Organizations() []Organization {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := make([]Organization, 0, len(s.state.organizations))
	for _, org := range s.state.sorted() {
		all = append(all, mustNormalize(org.Organization))
	}
	return all
}

// UpdateOrganization stores what change makes of an organization, and returns false where there is none. The id
// stays. change must not call the server. It panics where Settings or Extra are not JSON.
func (s *Server) UpdateOrganization(id int64, change func(*Organization)) bool {
	return s.change(id, func(org *organization) bool {
		changed := mustNormalize(org.Organization)
		change(&changed)
		changed.ID = id
		org.Organization = mustNormalize(changed)
		return true
	})
}

// DeleteOrganization deletes an organization with its files, and returns false where there is none.
func (s *Server) DeleteOrganization(id int64) bool {
	return s.change(id, func(*organization) bool {
		delete(s.state.organizations, id)
		return true
	})
}

// SetPendingStats sets the Stats that the next call to recompute them arrives at. Until then the organization's Stats
// are out of date. It panics where there is no such organization.
func (s *Server) SetPendingStats(id int64, st Stats) {
	s.mustChange(id, func(org *organization) { org.PendingStats = &st })
}
