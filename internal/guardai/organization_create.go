package guardai

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// clockSlack is by how much a time of creation may lie before the create that it
// belongs to: an answer's Date and many a database know whole seconds only.
const clockSlack = 2 * time.Second

// Created is a new organization.
type Created struct {
	*Organization
	// LostAnswer is how the create ended where its answer was lost and the
	// organization was found by looking for it, else nil.
	LostAnswer error
}

// CreateOrganization creates an organization. Settings that are nil are left to
// the platform. If the answer is lost, the organization is looked for; the error
// is a *LostError where that doesn't find it for certain.
func (c *Client) CreateOrganization(ctx context.Context, name string, settings Settings) (*Created, error) {
	wanted := SettingsChange{Set: settings}
	return c.create(ctx, &call{method: http.MethodPost, template: organizationsPath},
		organizationRequest{Name: name, Settings: settings.request()},
		&creation[*Organization]{
			key:     creationKey{name: name},
			demands: wanted.count(),
			made:    func(org *Organization) bool { return org.Name == name && wanted.isIn(org.Settings) },
		})
}

// CopyOrganization creates an organization as a copy of another. Only the name is
// sent: whether the platform would merge settings into the copied ones or put
// them in their place isn't documented, so settings that are to differ need an
// update afterwards. A lost answer is handled as by CreateOrganization. It is for
// administrators only.
func (c *Client) CopyOrganization(ctx context.Context, sourceID int64, name string) (*Created, error) {
	copying := &call{
		method: http.MethodPost, template: organizationPath + "/copy", organizationID: sourceID, admin: true,
	}
	return c.create(ctx, copying, organizationRequest{Name: name}, &creation[*Organization]{
		key:  creationKey{name: name},
		made: func(org *Organization) bool { return org.Name == name && org.ID != sourceID },
	})
}

// errKnown guards an organization that is there already from being taken for a
// new one.
var errKnown = &unusable{problem: "it is about an organization that was there before"}

func (c *Client) create(ctx context.Context, creating *call, request organizationRequest, this *creation[*Organization]) (*Created, error) {
	if err := creating.sendJSON(request); err != nil {
		return nil, err
	}
	send := func() (*Organization, error) {
		return c.reads.creating(func(at uint64) (*Organization, error) {
			this.at = at
			var org *Organization
			read := readOrganizationInto(&org, 0)
			creating.read = func(r reply) error {
				if err := read(r); err != nil {
					return err
				}
				if org.ID == creating.organizationID || c.reads.seenBefore(org.ID, at) || c.created.owns(organizationImportID(org)) {
					return errKnown
				}
				return nil
			}
			if err := c.do(ctx, creating); err != nil {
				return nil, err
			}
			return org, nil
		})
	}
	find := search[*Organization]{
		look:     c.newOrganizations,
		importID: organizationImportID,
		certain:  func(org *Organization) bool { return !org.CreatedAt.IsZero() },
	}
	org, lostAnswer, err := c.created.run(ctx, this, find, creating, send)
	if err != nil {
		return nil, err
	}
	return &Created{Organization: org, LostAnswer: lostAnswer}, nil
}

func organizationImportID(org *Organization) string { return strconv.FormatInt(org.ID, 10) }

// newOrganizations lists what any of the lost creates can have made: created since,
// by the platform's own clock, and not known before.
func (c *Client) newOrganizations(ctx context.Context, lost []*creation[*Organization]) ([]*Organization, error) {
	all, now, err := c.readOrganizations(ctx)
	if err != nil {
		return nil, err
	}
	if now.IsZero() {
		now = time.Now()
	}
	return slices.DeleteFunc(all, func(org *Organization) bool {
		return org.Partial || c.created.owns(organizationImportID(org)) ||
			!slices.ContainsFunc(lost, func(each *creation[*Organization]) bool {
				since := now.Add(-time.Since(each.began) - clockSlack)
				tooOld := !org.CreatedAt.IsZero() && org.CreatedAt.Before(since)
				return !tooOld && !c.reads.seenBefore(org.ID, each.at) && each.made(org)
			})
	}), nil
}
