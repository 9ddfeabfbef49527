package sandbox

import (
	"maps"
	"strings"
	"time"
)

// response is the organization as the API sends it.
func (o *organization) response() map[string]any {
	response := map[string]any{}
	maps.Copy(response, o.Extra)
	response["id"] = o.ID
	response["name"] = o.Name
	response["creationDateTime"] = dateTime(o.CreatedAt)
	response["stats"] = o.Stats
	response["timeUsed"] = o.TimeUsed
	if o.Settings != nil {
		response["settings"] = o.Settings
	}
	return response
}

func (s *Server) getOrganizations(*call) (any, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	responses := make([]map[string]any, 0, len(s.state.organizations))
	for _, org := range s.state.sorted() {
		responses = append(responses, org.response())
	}
	return responses, nil
}

func getOrganization(_ *call, org *organization) (any, error) { return org.response(), nil }

func (s *Server) addOrganization(c *call) (any, error) {
	request, err := s.readOrganizationRequest(c)
	if err != nil {
		return nil, err
	}
	if request.name == "" {
		return nil, badRequest("name must not be blank.")
	}
	if err := s.checkFeatures(request.settings, nil); err != nil {
		return nil, err
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org := s.state.addNew(c.user, request.name, s.state.withDefaults(request.settings))
	return org.response(), s.state.save()
}

// updateOrganization replaces all settings with those of the request, including classMappingFiles and unknown fields.
func (s *Server) updateOrganization(c *call) (any, error) {
	request, err := s.readOrganizationRequest(c)
	if err != nil {
		return nil, err
	}
	return s.updateHandler(func(_ *call, org *organization) (any, error) {
		if err := s.checkFeatures(request.settings, org.Settings); err != nil {
			return nil, err
		}
		if request.name != "" {
			org.Name = request.name
		}
		org.Settings = s.state.withDefaults(request.settings)
		return org.response(), nil
	})(c)
}

func (s *Server) deleteOrganization(_ *call, org *organization) (any, error) {
	s.state.remove(org.ID)
	return nil, nil
}

// copyOrganization copies an organization: its files under new refs, and its settings unless the request has settings.
func (s *Server) copyOrganization(c *call) (any, error) {
	request, err := s.readOrganizationRequest(c)
	if err != nil {
		return nil, err
	}
	return s.updateHandler(func(_ *call, source *organization) (any, error) {
		if err := s.checkFeatures(request.settings, source.Settings); err != nil {
			return nil, err
		}
		name, settings := source.Name+" (copy)", source.Settings
		if request.name != "" {
			name = request.name
		}
		if request.settings != nil {
			settings = s.state.withDefaults(request.settings)
		}
		target := s.state.addNew(c.user, name, settings)
		target.Catalog = source.Catalog
		target.copyFiles(source)
		return target.response(), nil
	})(c)
}

func updateOrgStats(_ *call, org *organization) (any, error) {
	if org.PendingStats != nil {
		org.Stats, org.PendingStats = *org.PendingStats, nil
	}
	return nil, nil
}

// addNew stores a new organization with its creator as the only member.
func (st *state) addNew(creator *User, name string, settings map[string]any) *organization {
	org := &organization{Organization: Organization{Name: name, Settings: settings, CreatedAt: time.Now().UTC().Truncate(time.Millisecond)}}
	st.add(org)
	if u := st.userByID(creator.ID); u != nil {
		u.setMember(org.ID, true)
	}
	return org
}

// organizationRequest is a decoded request body. A missing name is empty, and missing settings are nil.
type organizationRequest struct {
	name     string
	settings map[string]any
}

// readOrganizationRequest decodes and checks a request, except for its features.
func (s *Server) readOrganizationRequest(c *call) (organizationRequest, error) {
	request := organizationRequest{}
	body, err := s.readObject(c)
	if err != nil {
		return request, err
	}
	if body["name"] != nil {
		name, ok := body["name"].(string)
		if !ok || strings.TrimSpace(name) == "" {
			return request, badRequest("name must be a string and not blank.")
		}
		request.name = name
	}
	if body["settings"] != nil {
		settings, ok := body["settings"].(map[string]any)
		if !ok {
			return request, badRequest("settings must be an object.")
		}
		request.settings = settings
	}
	return request, checkSettings(request.settings)
}
