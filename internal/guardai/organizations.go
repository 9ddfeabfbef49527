package guardai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// maxParallelReads is how many organizations that the list returns only in part are read at once.
const maxParallelReads = 10

const (
	organizationsPath = "/api/v1/organizations"
	organizationPath  = "/api/v1/organizations/{id}"
)

// Organization is the API's OrganizationResponse. Fields that the platform omits are nil, or the zero time.
type Organization struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	Settings  Settings
	Stats     Stats
	// TimeUsed has no documented unit.
	TimeUsed *int64
	// incomplete is set if a list omits the name or the settings, which every organization has.
	incomplete bool
}

// Stats is the API's OrganizationStatsResponse. The units are undocumented. RefreshStats makes the platform recalculate
// it.
type Stats struct {
	DatasetStorage *int64 `json:"datasetStorage"`
	ProjectStorage *int64 `json:"projectStorage"`
}

// organizationResponse is the JSON form of OrganizationResponse.
type organizationResponse struct {
	ID               *int64            `json:"id"`
	Name             *string           `json:"name"`
	CreationDateTime lenient[dateTime] `json:"creationDateTime"`
	Settings         *Settings         `json:"settings"`
	Stats            lenient[Stats]    `json:"stats"`
	TimeUsed         lenient[*int64]   `json:"timeUsed"`
}

// lenient is a field that may have another type than the documented one, so that one bad value doesn't make a whole list
// of organizations unreadable.
type lenient[T any] struct {
	value T
	// malformed is the start of a value of another type.
	malformed string
}

func (l *lenient[T]) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &l.value) != nil {
		*l = lenient[T]{malformed: fmt.Sprintf("%.60q", data)}
	}
	return nil
}

// field is a field whose value may be malformed.
type field struct{ name, expected, malformed string }

// malformedFields describes the fields whose values are malformed.
func malformedFields(fields ...field) []string {
	var descriptions []string
	for _, f := range fields {
		if f.malformed != "" {
			descriptions = append(descriptions, fmt.Sprintf("%s is not %s: %s", f.name, f.expected, f.malformed))
		}
	}
	return descriptions
}

func (r organizationResponse) organization() (*Organization, error) {
	if r.ID == nil || *r.ID <= 0 {
		return nil, &InvalidResponseError{Problem: "it contains no organization id"}
	}
	org := &Organization{
		ID: *r.ID, CreatedAt: r.CreationDateTime.value.Time, Stats: r.Stats.value, TimeUsed: r.TimeUsed.value,
		incomplete: r.Name == nil || r.Settings == nil,
	}
	if r.Name != nil {
		org.Name = *r.Name
	}
	if r.Settings != nil {
		org.Settings = *r.Settings
	}
	org.Settings.Malformed = append(org.Settings.Malformed, malformedFields(
		field{"creationDateTime", "a date", r.CreationDateTime.malformed},
		field{"stats", "an object of whole numbers", r.Stats.malformed},
		field{"timeUsed", "a whole number", r.TimeUsed.malformed},
	)...)
	return org, nil
}

// organizationBody is the JSON form of OrganizationRequest.
type organizationBody struct {
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

// decodeOrganizationWithID is decodeOrganization for a call about one organization. A response about another is
// invalid.
func decodeOrganizationWithID(id int64) func(*rest.Response) (*Organization, error) {
	return func(r *rest.Response) (*Organization, error) {
		org, err := decodeOrganization(r)
		if err == nil && org.ID != id {
			return nil, &InvalidResponseError{Problem: "it describes another organization than the requested one"}
		}
		return org, err
	}
}

// GetOrganization returns an organization, from the cache if it hasn't been written since it was read. Concurrent
// callers share a request. A missing organization is IsNotFound. A list of files that can't be read is an error, so that
// no file seems to be gone.
func (c *Client) GetOrganization(ctx context.Context, id int64) (*Organization, error) {
	org, err := c.cache.get(ctx, id)
	if err != nil {
		return nil, c.wrapCanceled(ctx, organizationRequest(http.MethodGet, "", id), err)
	}
	return org, org.Settings.FilesErr()
}

// ReadOrganization reads an organization without the cache. A missing organization is IsNotFound. A response without
// the name or the settings is an error: written back, it would wipe them.
func (c *Client) ReadOrganization(ctx context.Context, id int64) (*Organization, error) {
	return c.readOrganization(ctx, organizationRequest(http.MethodGet, "", id), id)
}

func (c *Client) readOrganization(ctx context.Context, req *rest.Request, id int64) (*Organization, error) {
	decode := decodeOrganizationWithID(id)
	for attempt := 1; ; attempt++ {
		org, err := fetch(ctx, c, req, func(r *rest.Response) (*Organization, error) {
			org, err := decode(r)
			if err == nil && org.incomplete {
				return nil, &InvalidResponseError{Problem: "it lacks the name or the settings, which every organization has"}
			}
			return org, err
		})
		if err == nil {
			return org, org.Settings.FilesErr()
		}
		if !isStatus404(err) {
			return nil, err
		}
		// The platform may not show what it has just created.
		if !c.organizations.hasCreated(id) || attempt > maxFreshReads {
			return nil, c.confirmGone(ctx, id, err)
		}
		if err := wait(ctx, c.rest.Backoff(attempt)); err != nil {
			return nil, c.wrapCanceled(ctx, req, err)
		}
	}
}

// maxFreshReads is how many times an organization that this run created is read again, over 7 seconds by default, while
// the platform responds 404.
const maxFreshReads = 4

func isStatus404(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound
}

// confirmGone returns the error for an organization for which the platform, or something in between, responded 404. It
// is IsNotFound if the list doesn't contain the organization or, where the list is forbidden, if the 404 is the
// platform's own.
func (c *Client) confirmGone(ctx context.Context, id int64, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	unconfirmed := *e
	unconfirmed.Kind = rest.KindInvalidResponse
	listed, listErr := c.cache.isListed(ctx, id)
	switch {
	case listErr == nil && !listed:
		e.Kind = rest.KindNotFound
		return e
	case IsForbidden(listErr) && e.Kind == rest.KindNotFound:
		return e
	case listErr == nil:
		unconfirmed.Message = "the platform still lists this organization, so it isn't gone"
	case IsForbidden(listErr):
		unconfirmed.Message = "the response isn't the platform's own, so it doesn't show that the organization is gone: " + e.Message
	default:
		unconfirmed.Message, unconfirmed.Err = "the list of organizations, which would show whether it is gone, can't be read: "+listErr.Error(), listErr
	}
	return &unconfirmed
}

var listRequest = &rest.Request{Method: http.MethodGet, Path: organizationsPath, Admin: true}

// ListOrganizations returns all organizations by ascending id. It uses the cache as GetOrganization does. Organizations
// that the platform lists only in part are read one by one. It requires administrator rights.
func (c *Client) ListOrganizations(ctx context.Context) ([]*Organization, error) {
	listed, err := c.cache.list(ctx)
	if err != nil {
		return nil, c.wrapCanceled(ctx, listRequest, err)
	}
	all := slices.Clone(listed)
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(maxParallelReads)
	for i, org := range all {
		if !org.incomplete {
			continue
		}
		group.Go(func() error {
			read, err := c.GetOrganization(reading, org.ID)
			if e, ok := errors.AsType[*Error](err); ok && e.OwnForm && e.Status == http.StatusNotFound {
				// It was deleted after it was listed.
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

// readOrganizations reads all organizations without the cache. now is the Date of the response, or the zero time.
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

// DeleteOrganization deletes an organization and everything in it. If it is already gone, the error is IsNotFound.
func (c *Client) DeleteOrganization(ctx context.Context, id int64) error {
	req := organizationRequest(http.MethodDelete, "", id)
	unlock, err := c.locks.Lock(ctx, id)
	if err != nil {
		return c.wrapCanceled(ctx, req, err)
	}
	defer unlock()
	defer c.users.invalidate() // The memberships end.
	err = c.write(ctx, id, req)
	switch {
	case err == nil:
		c.organizations.forget(id)
	case isStatus404(err):
		return c.confirmGone(ctx, id, err)
	}
	return err
}

// RefreshStats makes the platform recalculate an organization's stats. It requires administrator rights.
func (c *Client) RefreshStats(ctx context.Context, id int64) error {
	return c.write(ctx, id, adminRequest(http.MethodGet, "/stat", id))
}

// write sends a request that changes an organization and has an empty response.
func (c *Client) write(ctx context.Context, id int64, req *rest.Request) error {
	_, err := c.cache.invalidateAround(id, func() (*Organization, error) {
		_, err := fetch(ctx, c, req, rest.DecodeEmpty)
		return nil, err
	})
	return err
}

// compareIDs sorts by ascending id, nil last.
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

// dateTime is a date-time in JSON: RFC 3339, or with an offset without a colon, as Spring can be configured to write
// it. Absent and null are the zero time.
type dateTime struct{ time.Time }

var errNotDateTime = &InvalidResponseError{Problem: "it contains a date that is not of the form 2022-03-01T12:00:00.000+00:00"}

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
