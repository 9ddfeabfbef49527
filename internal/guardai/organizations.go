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
	// doubtful marks what a lost create may have made if the platform's clocks differ.
	doubtful bool
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

// ListOrganizations returns every organization by ascending id. It shares requests
// and what was read as GetOrganization does; the slice is not the caller's to
// change. It is for administrators only.
func (c *Client) ListOrganizations(ctx context.Context) ([]*Organization, error) {
	return c.reads.list(ctx)
}

// readOrganizations asks the platform for every organization, whatever was read
// before. now is the platform's time of the answer, zero where it doesn't tell.
func (c *Client) readOrganizations(ctx context.Context) (all []*Organization, now time.Time, err error) {
	err = c.do(ctx, &call{
		method: http.MethodGet, template: organizationsPath, admin: true,
		read: func(r reply) error {
			var wrong error
			all, now = []*Organization{}, r.date
			err := readList(r, func(answer organizationAnswer) {
				org, err := answer.organization()
				wrong = cmp.Or(wrong, err)
				all = append(all, org)
			})
			return cmp.Or(err, wrong)
		},
	})
	if err != nil {
		return nil, now, err
	}
	slices.SortFunc(all, func(a, b *Organization) int { return cmp.Compare(a.ID, b.ID) })
	return all, now, nil
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
