package guardai

import (
	"context"
	"errors"
	"net/http"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// maxWrites is how many times an update is written if the responses show that it didn't take effect, for example
// because another client writes at the same time.
const maxWrites = 3

// errUnchanged ends an update before it is sent.
var errUnchanged = errors.New("the change is there already")

// OrganizationChange describes an update of an organization.
type OrganizationChange struct {
	Name     string
	Settings Settings
}

// isAppliedTo reports whether an organization has the name and settings of the change.
func (c OrganizationChange) isAppliedTo(org *Organization) bool {
	return SameName(c.Name, org.Name) && c.Settings.isAppliedTo(org.Settings)
}

// body returns the request that applies the change to an organization as it was read, or errUnchanged.
func (c OrganizationChange) body(current *Organization) (*rest.Body, error) {
	if err := current.Settings.Err(); err != nil {
		return nil, err
	}
	if c.isAppliedTo(current) {
		return nil, errUnchanged
	}
	settings, err := c.Settings.applyTo(current.Settings)
	if err != nil {
		return nil, err
	}
	name := c.Name
	if SameName(name, current.Name) {
		name = current.Name // In the platform's own form of Unicode.
	}
	return rest.JSON(organizationBody{Name: name, Settings: settings})
}

// UpdateOrganization reads an organization, applies the change and writes the result back, because the platform
// replaces all settings at once. Each retry reads the organization again. Other calls of this client don't change it in
// between. If another client overwrites the change, it is written again, up to maxWrites times. A change that already
// applies isn't written.
func (c *Client) UpdateOrganization(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	unlock, err := c.locks.Lock(ctx, id)
	if err != nil {
		return nil, c.wrapCanceled(ctx, organizationRequest(http.MethodPut, "", id), err)
	}
	defer unlock()
	return c.cache.invalidateAround(id, func() (*Organization, error) {
		for write := 1; ; write++ {
			updated, err := c.readModifyWrite(ctx, id, change)
			if err != nil || change.isAppliedTo(updated) || write == maxWrites {
				return updated, err
			}
		}
	})
}

func (c *Client) readModifyWrite(ctx context.Context, id int64, change OrganizationChange) (*Organization, error) {
	var current *Organization
	req, read := organizationRequest(http.MethodPut, "", id), organizationRequest(http.MethodGet, "", id)
	req.ReadsFirst, read.Prepaid = true, true
	// The organization is read right before each attempt, to leave other clients little time to change it in between.
	req.Body = func(ctx context.Context) (_ *rest.Body, err error) {
		if current, err = c.readOrganization(ctx, read, id); err != nil {
			return nil, err
		}
		return change.body(current)
	}
	updated, err := fetch(ctx, c, req, decodeOrganizationWithID(id))
	switch {
	case errors.Is(err, errUnchanged):
		return current, nil
	case isKind(err, rest.KindInvalidResponse):
		// The platform may have applied the change all the same.
		if read, readErr := c.ReadOrganization(ctx, id); readErr == nil && change.isAppliedTo(read) {
			return read, nil
		}
		return nil, err
	case isStatus404(err):
		return nil, c.confirmGone(ctx, id, err)
	case err == nil && updated.incomplete:
		return c.ReadOrganization(ctx, id)
	}
	return updated, err
}
