package guardai

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	// clockSlack is by how much a time of creation may lie before the create that it belongs to: a response's Date and
	// many a database know whole seconds only.
	clockSlack = 2 * time.Second
	// clockSkew is by how much the clock that dates organizations may lag behind the one that dates responses, which
	// can be a proxy's. What is that old is never taken, but the user gets to know of it.
	clockSkew = 5 * time.Minute
	// maxPartial is how many organizations that a list shows only in part are read one by one, to find what a create
	// has made.
	maxPartial = 20
)

var (
	// errSparseList is why a create can't be looked up in a list.
	errSparseList = errors.New("the platform's list of organizations leaves out their names and settings")
	// errKnown guards an organization that is there already from being taken for a new one.
	errKnown = &InvalidResponseError{Problem: "it is about an organization that was there before"}
)

// Created is a new organization.
type Created struct {
	*Organization
	// RecoveredFrom is how the create ended where its response was lost and the organization was found by looking it
	// up, else nil.
	RecoveredFrom error
}

// CreateOrganization creates an organization. Settings are given by their JSON names; the others are left to the platform. If the response is
// lost, the organization is looked up; the error is an *UnknownOutcomeError where that doesn't find it for certain.
func (c *Client) CreateOrganization(ctx context.Context, name string, settings map[string]any) (*Created, error) {
	content := organizationContent{Name: name}
	if len(settings) > 0 {
		content.Settings = settings
	}
	return c.createOrganization(ctx, &organizationCreate{
		req:     &rest.Request{Method: http.MethodPost, Path: organizationsPath},
		content: content,
		wanted:  SettingsChange{Set: settings},
	})
}

// CopyOrganization creates an organization as a copy of another. Only the name is sent: whether the platform would
// merge settings into the copied ones or put them in their place isn't documented, so settings that are to differ
// need an update afterwards. A lost response is handled as by CreateOrganization. It is for administrators only.
func (c *Client) CopyOrganization(ctx context.Context, sourceID int64, name string) (*Created, error) {
	return c.createOrganization(ctx, &organizationCreate{
		req:      adminRequest(http.MethodPost, "/copy", sourceID),
		content:  organizationContent{Name: name},
		sourceID: sourceID,
	})
}

// organizationCreate is the create of one organization.
type organizationCreate struct {
	req     *rest.Request
	content organizationContent
	// wanted is what the settings of the new organization will be, and sourceID what it is a copy of, or 0.
	wanted   SettingsChange
	sourceID int64
	// began is when it was sent.
	began time.Time
}

func (c *Client) createOrganization(ctx context.Context, this *organizationCreate) (*Created, error) {
	this.req.Grace = responseGrace
	this.req.Body = func(context.Context) (*rest.Body, error) { return rest.JSON(this.content) }
	org, recoveredFrom, err := run(ctx, &c.organizations, create[string, int64, *Organization]{
		key: norm.NFC.String(this.content.Name),
		req: this.req,
		send: func(ctx context.Context) (*Organization, error) {
			this.began = c.cache.begin()
			org, err := fetch(ctx, c, this.req, func(r *rest.Response) (*Organization, error) {
				org, err := decodeOrganization(r)
				if err == nil && c.isKnown(org.ID, this) {
					return nil, errKnown
				}
				return org, err
			})
			c.cache.created(org)
			return org, err
		},
		lookup:     func(ctx context.Context) ([]*Organization, bool, error) { return c.lookUpOrganization(ctx, this) },
		id:         func(org *Organization) int64 { return org.ID },
		candidates: func(e *UnknownOutcomeError, ids []int64) { e.OrganizationIDs = ids },
	})
	if err != nil {
		return nil, c.waited(ctx, this.req, err)
	}
	return &Created{Organization: org, RecoveredFrom: recoveredFrom}, nil
}

// lookUpOrganization lists what a create can have made: created since, by the platform's own clock, and not known
// before. Where there is nothing, it lists what is a little too old, which isn't certain.
func (c *Client) lookUpOrganization(ctx context.Context, this *organizationCreate) (found []*Organization, certain bool, err error) {
	all, now, err := c.readOrganizations(ctx)
	if err != nil {
		return nil, false, err
	}
	if now.IsZero() {
		now = time.Now()
	}
	began := now.Add(-time.Since(this.began))
	if all, err = c.completeCandidates(ctx, this, all, began.Add(-clockSlack)); err != nil {
		return nil, false, err
	}
	createdSince := func(since time.Time) []*Organization {
		return slices.DeleteFunc(slices.Clone(all), func(org *Organization) bool {
			return org.Partial || !c.mayBeNew(org, this, since) || !SameName(org.Name, this.content.Name) || !this.wanted.isIn(org.Settings)
		})
	}
	if found := createdSince(began.Add(-clockSlack)); len(found) > 0 {
		undated := slices.ContainsFunc(found, func(org *Organization) bool { return org.CreatedAt.IsZero() })
		return found, !undated, nil
	}
	return createdSince(began.Add(-clockSkew)), false, nil
}

// mayBeNew says whether a create can have made an organization, as far as every entry of a list shows.
func (c *Client) mayBeNew(org *Organization, this *organizationCreate, since time.Time) bool {
	tooOld := !org.CreatedAt.IsZero() && org.CreatedAt.Before(since)
	return !tooOld && !c.isKnown(org.ID, this)
}

// isKnown says whether an organization was there before a create, or is another create's.
func (c *Client) isKnown(id int64, this *organizationCreate) bool {
	return id == this.sourceID || c.organizations.owns(id) || c.cache.seenBefore(id, this.began)
}

// completeCandidates reads what a list shows only in part and a create may have made.
func (c *Client) completeCandidates(ctx context.Context, this *organizationCreate, all []*Organization, since time.Time) ([]*Organization, error) {
	reads := 0
	for i, org := range all {
		if !org.Partial || (org.Name != "" && !SameName(org.Name, this.content.Name)) || !c.mayBeNew(org, this, since) {
			continue
		}
		reads++
		if reads > maxPartial {
			return nil, errSparseList
		}
		read, err := c.ReadOrganization(ctx, org.ID)
		switch {
		case IsNotFound(err):
		case err != nil:
			return nil, err
		default:
			all[i] = read
		}
	}
	return all, nil
}
