package guardai

import (
	"context"
	"errors"
	"net/http"
)

// OrganizationChange says what an update does to an organization.
type OrganizationChange struct {
	Name     string
	Settings SettingsChange
}

// isIn says whether there is nothing left to write.
func (c OrganizationChange) isIn(org *Organization) bool {
	return c.Name == org.Name && len(c.Settings.Reset) == 0 && c.Settings.isIn(org.Settings)
}

// UpdateOrganization changes an organization: it reads it, applies the change,
// and writes the whole back, because the platform replaces settings wholesale.
// Each repeated attempt reads again first. Nothing else of this client changes
// the organization in between; a change that is there already isn't written.
func (c *Client) UpdateOrganization(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	release, err := c.locks.exclusive(ctx, id)
	if err != nil {
		return nil, err
	}
	defer release()
	return c.reads.updating(id, func() (*Organization, error) {
		return c.readChangeWrite(ctx, id, change)
	})
}

func (c *Client) readChangeWrite(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	updating := &call{method: http.MethodPut, template: organizationPath, organizationID: id}
	var current, updated *Organization
	updating.prepare = func(ctx context.Context) error {
		var err error
		if current, err = c.ReadOrganization(ctx, id); err != nil {
			return err
		}
		settings, err := change.Settings.apply(current.Settings)
		if err != nil {
			return err
		}
		return updating.sendJSON(organizationRequest{Name: change.Name, Settings: settings})
	}
	if err := updating.prepare(ctx); err != nil {
		return nil, err
	}
	if change.isIn(current) {
		return current, nil
	}
	updating.read = readOrganizationInto(&updated, id)
	if err := c.do(ctx, updating); err != nil {
		return c.confirmUpdate(ctx, id, change, err)
	}
	if updated.Partial {
		return c.ReadOrganization(ctx, id)
	}
	return updated, nil
}

// confirmUpdate looks whether an update whose answer couldn't be used was
// carried out all the same.
func (c *Client) confirmUpdate(ctx context.Context, id int64, change OrganizationChange, cause error) (*Organization, error) {
	var e *Error
	if !errors.As(cause, &e) || e.Kind != KindAnswer {
		return nil, cause
	}
	org, err := c.ReadOrganization(ctx, id)
	if err != nil || org.Name != change.Name || !change.Settings.isIn(org.Settings) {
		return nil, cause
	}
	return org, nil
}
