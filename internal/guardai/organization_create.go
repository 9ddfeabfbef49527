package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// clockSlack is by how much a time of creation may lie before the create that it
// belongs to: an answer's Date and many a database know whole seconds only.
const clockSlack = 2 * time.Second

// clockSkew is by how much the clock that dates organizations may lag behind the one
// that dates answers, which can be a proxy's. What is that old is never taken, but
// the user gets to know of it.
const clockSkew = 5 * time.Minute

// maxPartial is how many organizations that a list tells of only in part are read
// one by one, to find what a lost create has made.
const maxPartial = 20

// errSparseList is why a lost create can't be looked for in a list.
var errSparseList = errors.New("the platform's list of organizations leaves out their names and settings")

// Created is a new organization.
type Created struct {
	*Organization
	// LostAnswer is how the create ended where its answer was lost and the
	// organization was found by looking for it, else nil.
	LostAnswer error
}

// CreateOrganization creates an organization with settings by their JSON names; the
// others are left to the platform. If the answer is lost, the organization is looked for; the error
// is a *LostError where that doesn't find it for certain.
func (c *Client) CreateOrganization(ctx context.Context, name string, settings map[string]any) (*Created, error) {
	wanted := SettingsChange{Set: settings}
	request := organizationRequest{Name: name}
	if len(settings) > 0 {
		request.Settings = settings
	}
	return c.create(ctx, &call{method: http.MethodPost, template: organizationsPath}, request,
		&creation[*Organization]{
			key:     creationKey{name: name},
			request: "create with " + describe(settings),
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
		key:     creationKey{name: name},
		request: fmt.Sprintf("copy of %d", sourceID),
		made:    func(org *Organization) bool { return org.Name == name && org.ID != sourceID },
	})
}

// describe is the same for settings that ask for the same.
func describe(settings map[string]any) string { return fmt.Sprint(settings) }

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
		certain:  func(org *Organization) bool { return !org.CreatedAt.IsZero() && !org.doubtful },
	}
	org, lostAnswer, err := c.created.run(ctx, this, find, creating, send)
	if err != nil {
		return nil, err
	}
	return &Created{Organization: org, LostAnswer: lostAnswer}, nil
}

func organizationImportID(org *Organization) string { return strconv.FormatInt(org.ID, 10) }

// newOrganizations lists what any of the lost creates can have made: created since,
// by the platform's own clock, and not known before. Where there is nothing, it lists
// what is a little too old, as doubtful.
func (c *Client) newOrganizations(ctx context.Context, lost []*creation[*Organization]) ([]*Organization, error) {
	all, now, err := c.readOrganizations(ctx)
	if err != nil {
		return nil, err
	}
	if now.IsZero() {
		now = time.Now()
	}
	all, err = c.complete(ctx, lost, now, all)
	if err != nil {
		return nil, err
	}
	found := slices.Clone(all)
	found = slices.DeleteFunc(found, func(org *Organization) bool { return !c.isNew(org, lost, now, clockSlack) })
	if len(found) > 0 {
		return found, nil
	}
	for _, org := range all {
		if c.isNew(org, lost, now, clockSkew) {
			doubtful := *org
			doubtful.doubtful = true
			found = append(found, &doubtful)
		}
	}
	return found, nil
}

// isNew says whether one of the lost creates can have made an organization.
func (c *Client) isNew(org *Organization, lost []*creation[*Organization], now time.Time, slack time.Duration) bool {
	return !org.Partial && slices.ContainsFunc(lost, func(each *creation[*Organization]) bool {
		return c.mayBeNew(org, each, now, slack) && each.made(org)
	})
}

// mayBeNew is isNew for what every entry of a list tells.
func (c *Client) mayBeNew(org *Organization, lost *creation[*Organization], now time.Time, slack time.Duration) bool {
	since := now.Add(-time.Since(lost.began) - slack)
	tooOld := !org.CreatedAt.IsZero() && org.CreatedAt.Before(since)
	return !tooOld && !c.created.owns(organizationImportID(org)) && !c.reads.seenBefore(org.ID, lost.at)
}

// complete reads what a list tells only in part and a lost create may have made.
func (c *Client) complete(ctx context.Context, lost []*creation[*Organization], now time.Time, all []*Organization) ([]*Organization, error) {
	reads := 0
	for i, org := range all {
		wanted := org.Partial && (org.Name == "" || org.Name == lost[0].key.name) &&
			slices.ContainsFunc(lost, func(each *creation[*Organization]) bool { return c.mayBeNew(org, each, now, clockSlack) })
		if !wanted {
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
