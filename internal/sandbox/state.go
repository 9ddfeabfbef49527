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
	ID   int64
	Name string
	// CreatedAt is kept to the millisecond, as it is on the wire.
	CreatedAt time.Time
	// Settings is the JSON object on the wire, classMappingFiles and unknown fields
	// included. Its numbers are json.Number.
	Settings map[string]any
	Stats    Stats
	// TimeUsed has no documented unit.
	TimeUsed int64
	// Extra holds top-level fields of the answer that the contract doesn't know.
	Extra map[string]any
}

// Stats are an organization's storage figures. Their unit is not documented.
type Stats struct {
	DatasetStorage int64 `json:"datasetStorage"`
	ProjectStorage int64 `json:"projectStorage"`
}

// state is everything that the platform remembers.
type state struct {
	// mu guards all below. What an organization's Settings and Extra and a file's
	// content hold is never changed in place, so that a copy of the reference stays
	// good when mu is released.
	mu            sync.RWMutex
	nextID        int64
	organizations map[int64]*organization

	spool    *spool
	defaults bool
	changed  func()
}

// organization is an Organization with what its answer doesn't show.
type organization struct {
	Organization
	members      []map[string]any
	catalog      *Catalog
	pendingStats *Stats
	files        []*file
}

func newState(files *spool, defaults bool) *state {
	return &state{
		nextID: 1, organizations: map[int64]*organization{},
		spool: files, defaults: defaults, changed: func() {},
	}
}

// view calls look with an organization that who may use. look must not keep it.
func (st *state) view(id int64, who *user, look func(*organization) error) error {
	st.mu.RLock()
	defer st.mu.RUnlock()
	org, err := st.usable(id, who)
	if err != nil {
		return err
	}
	return look(org)
}

// update calls change with an organization that who may use.
func (st *state) update(id int64, who *user, change func(*organization) error) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	org, err := st.usable(id, who)
	if err != nil {
		return err
	}
	if err := change(org); err != nil {
		return err
	}
	st.changed()
	return nil
}

func (st *state) usable(id int64, who *user) (*organization, error) {
	org, ok := st.organizations[id]
	if !ok {
		return nil, notFound("Organization " + strconv.FormatInt(id, 10) + " does not exist.")
	}
	if !who.admin && !org.hasMember(who.uid) {
		return nil, forbidden("You are not a member of organization " + strconv.FormatInt(id, 10) + ".")
	}
	return org, nil
}

// add stores an organization under its id, or the next one where it is 0.
func (st *state) add(org *organization) {
	if org.ID == 0 {
		org.ID = st.nextID
	}
	st.nextID = max(st.nextID, org.ID+1)
	if old, ok := st.organizations[org.ID]; ok {
		old.releaseFiles()
	}
	st.organizations[org.ID] = org
	st.changed()
}

func (st *state) remove(org *organization) {
	org.releaseFiles()
	delete(st.organizations, org.ID)
}

// sorted returns the organizations ascending by id.
func (st *state) sorted() []*organization {
	sorted := make([]*organization, 0, len(st.organizations))
	for _, id := range slices.Sorted(maps.Keys(st.organizations)) {
		sorted = append(sorted, st.organizations[id])
	}
	return sorted
}

func (o *organization) releaseFiles() {
	for _, f := range o.files {
		f.content.release()
	}
}

// copied returns an Organization that shares nothing with o.
func (o *organization) copied() Organization {
	c := o.Organization
	c.Settings = cloneObject(c.Settings)
	c.Extra = cloneObject(c.Extra)
	return c
}

// AddOrganization stores an organization and returns it as stored. ID 0 takes
// the next id, and an id that is taken is replaced with its files and members. A
// zero CreatedAt is now. Nil Settings are the platform's defaults; others are
// stored as they are. It has no members, so that only administrators can use it.
// It panics where Settings or Extra are not JSON.
func (s *Server) AddOrganization(o Organization) Organization {
	if o.CreatedAt.IsZero() {
		o.CreatedAt = time.Now()
	}
	o.CreatedAt = o.CreatedAt.UTC().Truncate(time.Millisecond)
	if o.Settings == nil {
		o.Settings = s.state.withDefaults(map[string]any{})
	}
	o.Settings, o.Extra = mustNormalize(o.Settings), mustNormalize(o.Extra)
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	stored := &organization{Organization: o}
	s.state.add(stored)
	return stored.copied()
}

// Organization returns a copy of an organization, and whether there is one.
func (s *Server) Organization(id int64) (Organization, bool) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	org, ok := s.state.organizations[id]
	if !ok {
		return Organization{}, false
	}
	return org.copied(), true
}

// Organizations returns copies of all organizations, ascending by id.
func (s *Server) Organizations() []Organization {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := make([]Organization, 0, len(s.state.organizations))
	for _, org := range s.state.sorted() {
		all = append(all, org.copied())
	}
	return all
}

// UpdateOrganization stores what change makes of an organization, and returns
// false where there is none. The id stays. change must not call the server. It
// panics where Settings or Extra are not JSON.
func (s *Server) UpdateOrganization(id int64, change func(*Organization)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[id]
	if !ok {
		return false
	}
	changed := org.copied()
	change(&changed)
	changed.ID = id
	changed.Settings, changed.Extra = mustNormalize(changed.Settings), mustNormalize(changed.Extra)
	org.Organization = changed
	s.state.changed()
	return true
}

// DeleteOrganization deletes an organization with its files, and returns false
// where there is none.
func (s *Server) DeleteOrganization(id int64) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[id]
	if !ok {
		return false
	}
	s.state.remove(org)
	s.state.changed()
	return true
}

// SetPendingStats sets the Stats that the next call to recompute them arrives
// at. Until then the organization's Stats are out of date. It panics where there
// is no such organization.
func (s *Server) SetPendingStats(id int64, st Stats) {
	s.mustUpdate(id, func(org *organization) { org.pendingStats = &st })
}

// mustUpdate changes an organization on behalf of a test, for which an unknown
// one is a mistake in the test.
func (s *Server) mustUpdate(id int64, change func(*organization)) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[id]
	if !ok {
		panic(fmt.Sprintf("sandbox: there is no organization %d", id))
	}
	change(org)
	s.state.changed()
}
