package guardai

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"
)

const (
	organizationsPath = "/api/v1/organizations"
	organizationPath  = "/api/v1/organizations/{id}"
)

// Organization is the contract's OrganizationResponse. What the platform left
// out is nil, or the zero time.
type Organization struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	Settings  Settings
	Stats     Stats
	// TimeUsed has no documented unit.
	TimeUsed *int64
	// Partial says that the answer left out the name or the settings, which every
	// organization has: what it holds of them isn't to be believed.
	Partial bool
}

// Stats is the contract's OrganizationStatsResponse. Its units are not
// documented. The platform computes it when RefreshStats asks for it.
type Stats struct {
	DatasetStorage *int64 `json:"datasetStorage"`
	ProjectStorage *int64 `json:"projectStorage"`
}

// organizationAnswer is an OrganizationResponse on the wire.
type organizationAnswer struct {
	ID               *int64    `json:"id"`
	Name             *string   `json:"name"`
	CreationDateTime dateTime  `json:"creationDateTime"`
	Settings         *Settings `json:"settings"`
	Stats            Stats     `json:"stats"`
	TimeUsed         *int64    `json:"timeUsed"`
}

func (a *organizationAnswer) organization() (*Organization, error) {
	if a == nil || a.ID == nil || *a.ID <= 0 {
		return nil, &unusable{problem: "it holds no organization id"}
	}
	org := &Organization{
		ID: *a.ID, CreatedAt: a.CreationDateTime.Time, Stats: a.Stats, TimeUsed: a.TimeUsed,
		Partial: a.Name == nil || a.Settings == nil,
	}
	if a.Name != nil {
		org.Name = *a.Name
	}
	if a.Settings != nil {
		org.Settings = *a.Settings
	}
	return org, nil
}

// organizationRequest is an OrganizationRequest on the wire.
type organizationRequest struct {
	Name     string `json:"name"`
	Settings any    `json:"settings,omitempty"`
}

// readOrganizationInto returns a reader for a call that answers one
// organization. An answer about another one than wantID is unusable; 0 takes any.
func readOrganizationInto(target **Organization, wantID int64) func(reply) error {
	return func(r reply) error {
		var answer organizationAnswer
		if err := readJSON(r, &answer); err != nil {
			return err
		}
		org, err := answer.organization()
		if err != nil {
			return err
		}
		if wantID != 0 && org.ID != wantID {
			return &unusable{problem: "it is about another organization than the one that was asked for"}
		}
		*target = org
		return nil
	}
}

// GetOrganization returns an organization. Callers that ask for the same one at
// the same time share a request, and what was read since the organization was
// last written is not read again. A missing organization is IsNotFound.
func (c *Client) GetOrganization(ctx context.Context, id int64) (*Organization, error) {
	return c.reads.organization(ctx, id)
}

// ReadOrganization asks the platform for an organization, whatever was read
// before. A missing organization is IsNotFound.
func (c *Client) ReadOrganization(ctx context.Context, id int64) (*Organization, error) {
	var org *Organization
	err := c.do(ctx, &call{
		method: http.MethodGet, template: organizationPath, organizationID: id,
		read: readOrganizationInto(&org, id),
	})
	return org, err
}

// ListOrganizations returns every organization by ascending id. It is for
// administrators only.
func (c *Client) ListOrganizations(ctx context.Context) ([]*Organization, error) {
	var organizations []*Organization
	err := c.do(ctx, &call{
		method: http.MethodGet, template: organizationsPath, admin: true,
		read: func(r reply) error {
			var answers []*organizationAnswer
			if err := readJSON(r, &answers); err != nil {
				return err
			}
			organizations = make([]*Organization, 0, len(answers))
			for _, answer := range answers {
				org, err := answer.organization()
				if err != nil {
					return err
				}
				organizations = append(organizations, org)
			}
			return nil
		},
	})
	slices.SortFunc(organizations, func(a, b *Organization) int { return cmp.Compare(a.ID, b.ID) })
	return organizations, err
}

// CreateOrganization creates an organization. Settings that are nil are left to
// the platform.
func (c *Client) CreateOrganization(ctx context.Context, name string, settings Settings) (*Organization, error) {
	return c.create(ctx, &call{method: http.MethodPost, template: organizationsPath},
		organizationRequest{Name: name, Settings: settings.request()})
}

// CopyOrganization creates an organization as a copy of another. Only the name is
// sent: whether the platform would merge settings into the copied ones or put
// them in their place isn't documented, so settings that are to differ need an
// update afterwards. It is for administrators only.
func (c *Client) CopyOrganization(ctx context.Context, sourceID int64, name string) (*Organization, error) {
	copying := &call{
		method: http.MethodPost, template: organizationPath + "/copy", organizationID: sourceID, admin: true,
	}
	return c.create(ctx, copying, organizationRequest{Name: name})
}

// errCopyIsSource guards the copied organization from being taken for the copy.
var errCopyIsSource = &unusable{problem: "it is about the organization that was to be copied"}

func (c *Client) create(ctx context.Context, creating *call, request organizationRequest) (*Organization, error) {
	var org *Organization
	read := readOrganizationInto(&org, 0)
	creating.read = func(r reply) error {
		if err := read(r); err != nil {
			return err
		}
		if org.ID == creating.organizationID {
			return errCopyIsSource
		}
		return nil
	}
	if err := creating.sendJSON(request); err != nil {
		return nil, err
	}
	if err := c.do(ctx, creating); err != nil {
		return nil, err
	}
	return org, nil
}

// DeleteOrganization deletes an organization with all that it holds. One that is
// gone already is IsNotFound.
func (c *Client) DeleteOrganization(ctx context.Context, id int64) error {
	release, err := c.locks.exclusive(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	return c.reads.writing(id, func() error {
		return c.do(ctx, &call{method: http.MethodDelete, template: organizationPath, organizationID: id})
	})
}

// RefreshStats has the platform compute an organization's stats anew. It is for
// administrators only.
func (c *Client) RefreshStats(ctx context.Context, id int64) error {
	return c.reads.writing(id, func() error {
		return c.do(ctx, &call{
			method: http.MethodGet, template: organizationPath + "/stat", organizationID: id, admin: true,
		})
	})
}
