package sandbox

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// response is an organization on the wire.
func (o *organization) response() map[string]any {
	answer := maps.Clone(o.Extra)
	if answer == nil {
		answer = map[string]any{}
	}
	answer["id"] = o.ID
	answer["name"] = o.Name
	answer["creationDateTime"] = dateTime(o.CreatedAt)
	answer["stats"] = o.Stats
	answer["timeUsed"] = o.TimeUsed
	if o.Settings != nil {
		answer["settings"] = o.Settings
	}
	return answer
}

func (s *Server) getOrganizations(w http.ResponseWriter, _ *http.Request, _ *user) error {
	return writeJSON(w, http.StatusOK, s.state.responses())
}

func (st *state) responses() []map[string]any {
	st.mu.RLock()
	defer st.mu.RUnlock()
	answers := make([]map[string]any, 0, len(st.organizations))
	for _, org := range st.sorted() {
		answers = append(answers, org.response())
	}
	return answers
}

func (s *Server) addOrganization(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readOrganizationRequest(w, r)
	if err != nil {
		return err
	}
	if request.name == "" {
		return badRequest("name must not be blank.")
	}
	answer := s.state.create(who, Organization{Name: request.name, Settings: s.state.withDefaults(request.settings)})
	return writeJSON(w, http.StatusCreated, answer)
}

// create stores a new organization with its creator as a member.
func (st *state) create(who *user, o Organization) map[string]any {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.addNew(who, o).response()
}

func (st *state) addNew(who *user, o Organization) *organization {
	o.ID = 0
	o.CreatedAt = time.Now().UTC().Truncate(time.Millisecond)
	org := &organization{Organization: o, members: []map[string]any{who.member()}}
	st.add(org)
	return org
}

func (s *Server) getOrganization(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	var answer map[string]any
	if err := s.state.view(id, who, func(org *organization) error {
		answer = org.response()
		return nil
	}); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, answer)
}

// updateOrganization puts the request's settings in place of all settings there
// were, classMappingFiles and unknown fields included.
func (s *Server) updateOrganization(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	request, err := readOrganizationRequest(w, r)
	if err != nil {
		return err
	}
	var answer map[string]any
	if err := s.state.update(id, who, func(org *organization) error {
		if request.name != "" {
			org.Name = request.name
		}
		org.Settings = s.state.withDefaults(request.settings)
		answer = org.response()
		return nil
	}); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, answer)
}

func (s *Server) deleteOrganization(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.state.update(id, who, func(org *organization) error {
		s.state.remove(org)
		return nil
	}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) copyOrganization(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	request := organizationRequest{}
	if r.ContentLength != 0 {
		if request, err = readOrganizationRequest(w, r); err != nil {
			return err
		}
	}
	var answer map[string]any
	if err := s.state.update(id, who, func(source *organization) error {
		answer = s.state.copyOf(source, request, who).response()
		return nil
	}); err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, answer)
}

// copyOf stores a copy of an organization: its files under new refs, and its
// settings unless the request gives others, which replace them all.
func (st *state) copyOf(source *organization, request organizationRequest, who *user) *organization {
	name, settings := source.Name+" (copy)", source.Settings
	if request.name != "" {
		name = request.name
	}
	if request.settings != nil {
		settings = st.withDefaults(request.settings)
	}
	target := st.addNew(who, Organization{Name: name, Settings: settings})
	target.catalog = source.catalog
	target.copyFiles(source)
	return target
}

func (s *Server) updateOrgStats(w http.ResponseWriter, r *http.Request, who *user) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.state.update(id, who, func(org *organization) error {
		if org.pendingStats != nil {
			org.Stats, org.pendingStats = *org.pendingStats, nil
		}
		return nil
	}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// organizationRequest is a checked OrganizationRequest. An absent name is empty,
// absent settings are nil.
type organizationRequest struct {
	name     string
	settings map[string]any
}

func readOrganizationRequest(w http.ResponseWriter, r *http.Request) (organizationRequest, error) {
	body, err := readObject(w, r)
	if err != nil {
		return organizationRequest{}, err
	}
	request := organizationRequest{}
	if body["name"] != nil {
		name, ok := body["name"].(string)
		if !ok || strings.TrimSpace(name) == "" {
			return request, badRequest("name must be text that is not blank.")
		}
		request.name = name
	}
	if body["settings"] != nil {
		settings, ok := body["settings"].(map[string]any)
		if !ok {
			return request, badRequest("settings must be an object.")
		}
		request.settings = settings
		return request, checkSettings(settings)
	}
	return request, nil
}
