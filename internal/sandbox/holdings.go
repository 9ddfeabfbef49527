package sandbox

import (
	"maps"
	"strconv"
)

// SetProjects sets an organization's projects as ProjectResponse objects. Responses add the organization. It panics if
// the organization doesn't exist or a project can't be encoded as JSON.
func (s *Server) SetProjects(organizationID int64, projects []map[string]any) {
	normal := mustNormalize(projects)
	s.mustUpdate(organizationID, func(org *organization) { org.Projects = normal })
}

// SetModels sets an organization's models as ModelResponse objects, like SetProjects.
func (s *Server) SetModels(organizationID int64, models []map[string]any) {
	normal := mustNormalize(models)
	s.mustUpdate(organizationID, func(org *organization) { org.Models = normal })
}

// SetDatasets sets an organization's datasets as DataSet objects. The catalog's predefined datasets are not among them.
// It panics if the organization doesn't exist or a dataset can't be encoded as JSON.
func (s *Server) SetDatasets(organizationID int64, datasets []map[string]any) {
	normal := mustNormalize(datasets)
	s.mustUpdate(organizationID, func(org *organization) { org.Datasets = normal })
}

// getProjects lists the projects of one organization, or all that the caller may see.
func (s *Server) getProjects(c *call) (any, error) {
	only := int64(0)
	if text := c.r.URL.Query().Get("organizationId"); text != "" {
		var err error
		if only, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, badRequest("The organizationId '" + text + "' is not a number.")
		}
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	if only != 0 {
		if _, err := s.state.accessible(c.user, only); err != nil {
			return nil, err
		}
	}
	return s.holdings(c.user, func(org *organization) []map[string]any {
		if only != 0 && only != org.ID {
			return nil
		}
		return org.Projects
	}), nil
}

// getModels lists all models that the caller may see.
func (s *Server) getModels(c *call) (any, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.holdings(c.user, func(org *organization) []map[string]any { return org.Models }), nil
}

func getDatasets(_ *call, org *organization) (any, error) {
	return append(append([]map[string]any{}, org.catalog().Datasets...), org.Datasets...), nil
}

// holdings returns what the organizations of a user hold, with its organization in each object.
func (s *Server) holdings(u *User, of func(*organization) []map[string]any) []map[string]any {
	all := []map[string]any{}
	for _, org := range s.state.sorted() {
		if !u.maySee(org.ID) {
			continue
		}
		for _, object := range of(org) {
			entry := map[string]any{"organization": s.nested(org)}
			maps.Copy(entry, object)
			all = append(all, entry)
		}
	}
	return all
}
