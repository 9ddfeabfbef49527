package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Organization is an organization on the platform.
type Organization struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// CreatedAt is truncated to milliseconds, as in the API.
	CreatedAt time.Time `json:"createdAt"`
	// Settings is the API's JSON object, including classMappingFiles and unknown fields. Its numbers are json.Number.
	Settings map[string]any `json:"settings"`
	Stats    Stats          `json:"stats"`
	TimeUsed int64          `json:"timeUsed"` // The unit is not documented.
	// Extra holds undocumented top-level fields of the response.
	Extra map[string]any `json:"extra"`
}

// Stats are an organization's storage figures, in an undocumented unit.
type Stats struct {
	DatasetStorage int64 `json:"datasetStorage"`
	ProjectStorage int64 `json:"projectStorage"`
}

// state is all data of the platform.
type state struct {
	// mu guards all fields below. Settings, Extra, memberships and file contents are replaced but never modified in place, so
	// references to them stay valid after mu is released.
	mu            sync.RWMutex
	nextID        int64
	organizations map[int64]*organization
	nextUserID    int64
	users         []*User // By ascending id.
	// lastTransformID is the id of the last custom transform, or 0.
	lastTransformID int64

	dir      stateDir
	defaults bool
}

// organization is an Organization and the data that isn't part of its response.
type organization struct {
	Organization
	// Members is the response of get_members if it isn't nil.
	Members      []map[string]any `json:"members,omitempty"`
	Catalog      *Catalog         `json:"catalog,omitempty"`
	Projects     []map[string]any `json:"projects,omitempty"`
	Models       []map[string]any `json:"models,omitempty"`
	Datasets     []map[string]any `json:"datasets,omitempty"`
	PendingStats *Stats           `json:"pendingStats,omitempty"`
	Files        []*file          `json:"files,omitempty"`
	Transforms   []*definition    `json:"transforms,omitempty"`
	Metrics      []*definition    `json:"metrics,omitempty"`
}

func newState(dir string, defaults bool) *state {
	return &state{
		nextID: 1, organizations: map[int64]*organization{}, nextUserID: UserID + 1, users: firstUsers(),
		dir: stateDir{path: dir}, defaults: defaults,
	}
}

// accessible returns an organization if the user has access.
func (st *state) accessible(u *User, id int64) (*organization, error) {
	org, ok := st.organizations[id]
	if !ok {
		return nil, notFound("Organization " + strconv.FormatInt(id, 10) + " does not exist.")
	}
	if !u.maySee(id) {
		return nil, forbidden("You are not a member of organization " + strconv.FormatInt(id, 10) + ".")
	}
	return org, nil
}

// add stores an organization under its id, or under the next free id if that is 0.
func (st *state) add(org *organization) {
	if org.ID == 0 {
		org.ID = st.nextID
	}
	st.nextID = max(st.nextID, org.ID+1)
	st.organizations[org.ID] = org
}

// remove deletes an organization and its memberships.
func (st *state) remove(id int64) {
	delete(st.organizations, id)
	for _, u := range st.users {
		u.setMember(id, false)
	}
}

// sorted returns the organizations by ascending id.
func (st *state) sorted() []*organization {
	sorted := make([]*organization, 0, len(st.organizations))
	for _, id := range slices.Sorted(maps.Keys(st.organizations)) {
		sorted = append(sorted, st.organizations[id])
	}
	return sorted
}

// view calls do with an organization under a read lock, and reports whether the organization exists.
func (s *Server) view(id int64, do func(*organization)) bool {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	org, ok := s.state.organizations[id]
	if ok {
		do(org)
	}
	return ok
}

// update calls do with an organization, saves the state if do returns true, and reports whether it did.
func (s *Server) update(id int64, do func(*organization) bool) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[id]
	if !ok || !do(org) {
		return false
	}
	s.state.mustSave()
	return true
}

// mustUpdate updates an organization, and panics if it doesn't exist.
func (s *Server) mustUpdate(id int64, do func(*organization)) {
	if !s.update(id, func(org *organization) bool { do(org); return true }) {
		panic(fmt.Sprintf("sandbox: organization %d does not exist", id))
	}
}

// AddOrganization stores an organization and returns it as stored. ID 0 gets the next free id; an existing organization
// with the same id is replaced, including its files. A zero CreatedAt is the current time. Nil Settings are
// the platform's defaults; others are stored unchanged. The organization has no members, so only administrators can use
// it. It panics if Settings or Extra can't be encoded as JSON.
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

// Organization returns a copy of an organization, and whether it exists.
func (s *Server) Organization(id int64) (exported Organization, ok bool) {
	ok = s.view(id, func(org *organization) { exported = mustNormalize(org.Organization) })
	return exported, ok
}

// Organizations returns copies of all organizations by ascending id.
func (s *Server) Organizations() []Organization {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := make([]Organization, 0, len(s.state.organizations))
	for _, org := range s.state.sorted() {
		all = append(all, mustNormalize(org.Organization))
	}
	return all
}

// UpdateOrganization applies change to an organization, except to its id, and reports whether the organization exists.
// change must not call the server. UpdateOrganization panics if Settings or Extra can't be encoded as JSON.
func (s *Server) UpdateOrganization(id int64, change func(*Organization)) bool {
	return s.update(id, func(org *organization) bool {
		changed := mustNormalize(org.Organization)
		change(&changed)
		changed.ID = id
		org.Organization = mustNormalize(changed)
		return true
	})
}

// DeleteOrganization deletes an organization with its files, and reports whether it existed.
func (s *Server) DeleteOrganization(id int64) bool {
	return s.update(id, func(*organization) bool {
		s.state.remove(id)
		return true
	})
}

// SetPendingStats sets the Stats that the next update_org_stats call computes. It panics if the organization doesn't
// exist.
func (s *Server) SetPendingStats(id int64, stats Stats) {
	s.mustUpdate(id, func(org *organization) { org.PendingStats = &stats })
}
