package guardai

import (
	"context"
	"errors"
	"net/http"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// maxWrites is how often an update is written while the platform's responses show that it isn't there, as when
// another client writes at the same time.
const maxWrites = 3

// errNothingToWrite ends an update before it is sent.
var errNothingToWrite = errors.New("the change is there already")

// OrganizationChange says what an update does to an organization.
type OrganizationChange struct {
	Name     string
	Settings SettingsChange
}

// isIn says whether an organization is as the change wants it. What it resets can't be told: the platform's defaults
// aren't known.
func (c OrganizationChange) isIn(org *Organization) bool {
	return SameName(c.Name, org.Name) && c.Settings.isIn(org.Settings)
}

// UpdateOrganization changes an organization: it reads it, applies the change, and writes the whole back, because the
// platform replaces settings wholesale. Each repeated attempt reads again first. Nothing else of this client changes
// the organization in between; a change that is there already isn't written. What another client wrote over is
// written again, a few times.
func (c *Client) UpdateOrganization(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	release, err := c.locks.acquire(ctx, id, exclusive)
	if err != nil {
		return nil, c.waited(ctx, organizationRequest(http.MethodPut, "", id), err)
	}
	defer release()
	return c.cache.writing(id, func() (*Organization, error) {
		for write := 1; ; write++ {
			updated, err := c.readChangeWrite(ctx, id, change)
			if err != nil || change.isIn(updated) || write == maxWrites {
				return updated, err
			}
		}
	})
}

func (c *Client) readChangeWrite(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	var current *Organization
	req := organizationRequest(http.MethodPut, "", id)
	// It runs right before each attempt, so that as little as possible can come between the read and the write.
	req.Body = func(ctx context.Context) (_ *rest.Body, err error) {
		if current, err = c.ReadOrganization(ctx, id); err != nil {
			return nil, err
		}
		if change.isIn(current) && len(change.Settings.Reset) == 0 {
			return nil, errNothingToWrite
		}
		settings, err := change.Settings.apply(current.Settings)
		if err != nil {
			return nil, err
		}
		name := change.Name
		if SameName(name, current.Name) {
			name = current.Name // In the platform's own form of Unicode.
		}
		return rest.JSON(organizationContent{Name: name, Settings: settings})
	}
	updated, err := fetch(ctx, c, req, decodeOrganizationWith(id))
	switch {
	case errors.Is(err, errNothingToWrite):
		return current, nil
	case isKind(err, KindInvalidResponse):
		// It may have been carried out all the same.
		if read, readErr := c.ReadOrganization(ctx, id); readErr == nil && change.isIn(read) {
			return read, nil
		}
		return nil, err
	case err == nil && updated.Partial:
		return c.ReadOrganization(ctx, id)
	}
	return updated, err
}
