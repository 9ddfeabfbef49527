package guardai

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	// clockSlack is how far an organization's creation time may precede its create, because the Date header and many
	// databases are accurate to the second only.
	clockSlack = 2 * time.Second
	// clockSkew is how far the platform's clock may lag behind the clock of the Date header, which may be a proxy's. An
	// organization older than clockSlack but not than clockSkew is never adopted, only reported to the user.
	clockSkew = 5 * time.Minute
	// maxCompletingReads limits how many organizations that the list returns only in part are read one by one to find the
	// result of a create.
	maxCompletingReads = 20
)

var (
	// errIncompleteList is why the list can't be used to look up a create.
	errIncompleteList = errors.New("the platform's list of organizations leaves out their names and settings")
	// errExisting keeps an existing organization from being mistaken for the new one.
	errExisting = &InvalidResponseError{Problem: "it describes an organization that existed before"}
)

// Created is a new organization.
type Created struct {
	*Organization
	// RecoveredFrom is the error of the create if its response was lost and a lookup found the organization; otherwise
	// nil.
	RecoveredFrom error
}

// CreateOrganization creates an organization. The platform chooses the settings that are nil; settings itself may be
// nil too. If the response is lost, the organization is looked up. The error is an *UnknownOutcomeError if that doesn't
// identify it.
func (c *Client) CreateOrganization(ctx context.Context, name string, settings *Settings) (*Created, error) {
	pending := &organizationCreate{req: &rest.Request{Method: http.MethodPost, Path: organizationsPath}, body: organizationBody{Name: name}}
	if settings != nil && !settings.IsZero() {
		pending.body.Settings, pending.wantedSettings = settings, *settings
	}
	return c.createOrganization(ctx, pending)
}

// CopyOrganization creates a copy of an organization. It can't set the copy's settings: the API doesn't document
// whether it would merge or replace them, so a caller needs UpdateOrganization. A lost response is handled as in
// CreateOrganization. It requires administrator rights.
func (c *Client) CopyOrganization(ctx context.Context, sourceID int64, name string) (*Created, error) {
	return c.createOrganization(ctx, &organizationCreate{
		req:      adminRequest(http.MethodPost, "/copy", sourceID),
		body:     organizationBody{Name: name},
		sourceID: sourceID,
	})
}

// organizationCreate is a pending create of an organization.
type organizationCreate struct {
	req  *rest.Request
	body organizationBody
	// wantedSettings are the settings of the new organization, and sourceID is the organization to copy, or 0.
	wantedSettings Settings
	sourceID       int64
	// began is when the create was sent, and tick the same in the cache's ticks.
	began time.Time
	tick  int64
	// results are the new organization, or those that the lookup found, by id.
	results map[int64]*Organization
}

// change returns what the new organization must have.
func (p *organizationCreate) change() OrganizationChange {
	return OrganizationChange{Name: p.body.Name, Settings: p.wantedSettings}
}

func (c *Client) createOrganization(ctx context.Context, pending *organizationCreate) (*Created, error) {
	pending.req.Grace = responseGrace
	pending.req.Body = func(context.Context) (*rest.Body, error) { return rest.JSON(pending.body) }
	pending.results = map[int64]*Organization{}
	unlock, err := c.creatorLock.RLock(ctx, 0)
	if err != nil {
		return nil, c.wrapCanceled(ctx, pending.req, err)
	}
	defer unlock()
	defer c.users.invalidate()
	id, recoveredFrom, err := c.organizations.run(ctx, norm.NFC.String(pending.body.Name),
		func(ctx context.Context) (int64, error) { return c.sendCreate(ctx, pending) },
		func(ctx context.Context) ([]int64, bool, error) { return c.lookUpOrganization(ctx, pending) })
	if err != nil {
		return nil, c.wrapCanceled(ctx, pending.req, err)
	}
	return &Created{Organization: pending.results[id], RecoveredFrom: recoveredFrom}, nil
}

// sendCreate sends a create once.
func (c *Client) sendCreate(ctx context.Context, pending *organizationCreate) (int64, error) {
	if pending.tick == 0 {
		// A create that is sent again may be the result of the first time.
		pending.began, pending.tick = time.Now(), c.cache.tick()
	}
	org, err := fetch(ctx, c, pending.req, func(r *rest.Response) (*Organization, error) {
		org, err := decodeOrganization(r)
		if err == nil && c.isExisting(org.ID, pending) {
			return nil, errExisting
		}
		return org, err
	})
	if err != nil {
		c.cache.recordCreate(nil)
		return 0, err
	}
	pending.results[org.ID] = org
	if !pending.change().isAppliedTo(org) {
		cached := *org
		cached.incomplete = true
		org = &cached
	}
	c.cache.recordCreate(org)
	return org.ID, nil
}

// lookUpOrganization returns the organizations that may be the result of a create: those created since it began, by the
// platform's clock, and not known before. If there are none, it returns slightly older ones, which are not certain to
// be new, or those of a similar name, because a platform may change what it is given. Neither is ever adopted.
func (c *Client) lookUpOrganization(ctx context.Context, pending *organizationCreate) (matches []int64, certain bool, err error) {
	all, now, err := c.readOrganizations(ctx)
	if err != nil {
		return nil, false, err
	}
	if now.IsZero() {
		now = time.Now()
	}
	began := now.Add(-time.Since(pending.began))
	if all, err = c.completeList(ctx, pending, all, began.Add(-clockSlack)); err != nil {
		return nil, false, err
	}
	certain = true
	matchesSince := func(since time.Time, isResult func(*Organization) bool) {
		for _, org := range all {
			if org.incomplete || !c.mayBeResult(org, pending, since) || !isResult(org) {
				continue
			}
			pending.results[org.ID] = org
			matches = append(matches, org.ID)
			certain = certain && !org.CreatedAt.IsZero()
		}
	}
	matchesSince(began.Add(-clockSlack), pending.change().isAppliedTo)
	if len(matches) > 0 {
		return matches, certain, nil
	}
	matchesSince(began.Add(-clockSkew), pending.change().isAppliedTo)
	if len(matches) == 0 {
		matchesSince(began.Add(-clockSlack), func(org *Organization) bool { return similarName(org.Name, pending.body.Name) })
	}
	return matches, false, nil
}

// mayBeResult reports whether an organization may be the result of a create, judging by fields that every list entry
// has.
func (c *Client) mayBeResult(org *Organization, pending *organizationCreate, since time.Time) bool {
	tooOld := !org.CreatedAt.IsZero() && org.CreatedAt.Before(since)
	return !tooOld && !c.isExisting(org.ID, pending)
}

// isExisting reports whether an organization existed before a create, or is the result of another create.
func (c *Client) isExisting(id int64, pending *organizationCreate) bool {
	return id == pending.sourceID || c.organizations.hasCreated(id) || c.cache.seenBefore(id, pending.tick)
}

// completeList replaces the incomplete organizations that may be the result of a create by complete ones.
func (c *Client) completeList(ctx context.Context, pending *organizationCreate, all []*Organization, since time.Time) ([]*Organization, error) {
	reads := 0
	for i, org := range all {
		if !org.incomplete || (org.Name != "" && !similarName(org.Name, pending.body.Name)) || !c.mayBeResult(org, pending, since) {
			continue
		}
		reads++
		if reads > maxCompletingReads {
			return nil, errIncompleteList
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
