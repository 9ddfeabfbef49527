package guardai

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// maxParallelReads is how many organizations are read at once, of those that a list shows only in part.
const maxParallelReads = 10

const (
	organizationsPath = "/api/v1/organizations"
	organizationPath  = "/api/v1/organizations/{id}"
)

// Organization is the contract's OrganizationResponse. What the platform left out is nil, or the zero time.
type Organization struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	Settings  Settings
	Stats     Stats
	// TimeUsed has no documented unit.
	TimeUsed *int64
	// Partial says that the response left out the name or the settings, which every
	// organization has: what it holds of them isn't to be believed.
	Partial bool
}

// Stats is the contract's OrganizationStatsResponse. Its units are not
// documented. The platform computes it when RefreshStats asks for it.
type Stats struct {
	DatasetStorage *int64 `json:"datasetStorage"`
	ProjectStorage *int64 `json:"projectStorage"`
}

// organizationResponse is an OrganizationResponse on the wire.
type organizationResponse struct {
	ID               *int64    `json:"id"`
	Name             *string   `json:"name"`
	CreationDateTime dateTime  `json:"creationDateTime"`
	Settings         *Settings `json:"settings"`
	Stats            Stats     `json:"stats"`
	TimeUsed         *int64    `json:"timeUsed"`
}

func (r organizationResponse) organization() (*Organization, error) {
	if r.ID == nil || *r.ID <= 0 {
		return nil, &InvalidResponseError{Problem: "it holds no organization id"}
	}
	org := &Organization{
		ID: *r.ID, CreatedAt: r.CreationDateTime.Time, Stats: r.Stats, TimeUsed: r.TimeUsed,
		Partial: r.Name == nil || r.Settings == nil,
	}
	if r.Name != nil {
		org.Name = *r.Name
	}
	if r.Settings != nil {
		org.Settings = *r.Settings
	}
	return org, nil
}

// organizationContent is an OrganizationRequest on the wire.
type organizationContent struct {
	Name     string `json:"name"`
	Settings any    `json:"settings,omitempty"`
}

func decodeOrganization(r *rest.Response) (*Organization, error) {
	response, err := rest.DecodeJSON[organizationResponse](r)
	if err != nil {
		return nil, err
	}
	return response.organization()
}

// decodeOrganizationWith is decodeOrganization for a call about one organization: a response about another is invalid.
func decodeOrganizationWith(id int64) func(*rest.Response) (*Organization, error) {
	return func(r *rest.Response) (*Organization, error) {
		org, err := decodeOrganization(r)
		if err == nil && org.ID != id {
			return nil, &InvalidResponseError{Problem: "it is about another organization than the one that was asked for"}
		}
		return org, err
	}
}

// GetOrganization returns an organization. Callers that ask for the same one at the same time share a request, and
// what was read since the organization was last written is not read again. A missing organization is IsNotFound.
func (c *Client) GetOrganization(ctx context.Context, id int64) (*Organization, error) {
	org, err := c.cache.organization(ctx, id)
	if err != nil {
		err = c.waited(ctx, organizationRequest(http.MethodGet, "", id), err)
	}
	return org, err
}

// ReadOrganization asks the platform for an organization, whatever was read before. A missing organization is
// IsNotFound.
func (c *Client) ReadOrganization(ctx context.Context, id int64) (*Organization, error) {
	return fetch(ctx, c, organizationRequest(http.MethodGet, "", id), decodeOrganizationWith(id))
}

var listRequest = &rest.Request{Method: http.MethodGet, Path: organizationsPath, Admin: true}

// ListOrganizations returns every organization by ascending id. It shares requests and what was read as
// GetOrganization does. One that the platform lists only in part, without its name or settings, is read by itself. It
// is for administrators only.
func (c *Client) ListOrganizations(ctx context.Context) ([]*Organization, error) {
	listed, err := c.cache.list(ctx)
	if err != nil {
		return nil, c.waited(ctx, listRequest, err)
	}
	all := slices.Clone(listed)
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(maxParallelReads)
	for i, org := range all {
		if !org.Partial {
			continue
		}
		group.Go(func() error {
			read, err := c.GetOrganization(reading, org.ID)
			if IsNotFound(err) {
				// It has gone since it was listed.
				read, err = nil, nil
			}
			all[i] = read
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(org *Organization) bool { return org == nil }), nil
}

// readOrganizations asks the platform for every organization, whatever was read before. now is the platform's time of
// the response, zero where it doesn't say.
func (c *Client) readOrganizations(ctx context.Context) (all []*Organization, now time.Time, err error) {
	type list struct {
		all []*Organization
		now time.Time
	}
	read, err := fetch(ctx, c, listRequest, func(r *rest.Response) (list, error) {
		all, err := rest.DecodeList(r, organizationResponse.organization)
		return list{all, r.Date}, err
	})
	slices.SortFunc(read.all, func(a, b *Organization) int { return cmp.Compare(a.ID, b.ID) })
	return read.all, read.now, err
}

// DeleteOrganization deletes an organization with all that it holds. One that is gone already is IsNotFound.
func (c *Client) DeleteOrganization(ctx context.Context, id int64) error {
	req := organizationRequest(http.MethodDelete, "", id)
	release, err := c.locks.acquire(ctx, id, exclusive)
	if err != nil {
		return c.waited(ctx, req, err)
	}
	defer release()
	return c.write(ctx, id, req)
}

// RefreshStats has the platform recompute an organization's stats. It is for administrators only.
func (c *Client) RefreshStats(ctx context.Context, id int64) error {
	return c.write(ctx, id, adminRequest(http.MethodGet, "/stat", id))
}

// write carries out a request that changes an organization and has an empty response.
func (c *Client) write(ctx context.Context, id int64, req *rest.Request) error {
	_, err := c.cache.writing(id, func() (*Organization, error) {
		_, err := fetch(ctx, c, req, rest.Done)
		return nil, err
	})
	return err
}

// compareIDs orders by ascending id; what has no id comes last.
func compareIDs(a, b *int64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// dateTime is a date-time on the wire: RFC 3339, or with an offset without a
// colon, which Spring writes by some of its settings. Absent and null are zero.
type dateTime struct{ time.Time }

var errNotDateTime = &InvalidResponseError{Problem: "it holds a date that is not of the form 2022-03-01T12:00:00.000+00:00"}

func (d *dateTime) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return errNotDateTime
	}
	if text == nil || *text == "" {
		d.Time = time.Time{}
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if parsed, err := time.Parse(layout, *text); err == nil {
			d.Time = parsed.UTC()
			return nil
		}
	}
	return errNotDateTime
}
