// Package guardai is a client for the calls of the GuardAI API that the provider makes. It shares reads and logins
// between callers, serializes conflicting writes, and finds out what happened to a create whose response was lost. It
// knows nothing of Terraform. Package rest sends its requests.
package guardai

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Config configures a Client.
type Config = rest.Config

// Error is the error of a failed call.
type Error = rest.Error

// InvalidResponseError reports a successful response whose content is invalid.
type InvalidResponseError = rest.InvalidResponseError

// Client calls one platform as one user. It is safe for concurrent use.
type Client struct {
	rest      *rest.Client
	auth      *authenticator
	cache     *organizationCache
	names     organizationNames
	locks     *objectLocks
	userLocks *objectLocks
	// creatorLock keeps the user that the client acts as from being written while it creates organizations, because the
	// platform may make the creator a member.
	creatorLock   *objectLocks
	users         userCache
	organizations *createTracker[string, int64]
	files         *createTracker[uploadKey, FileKey]
	initialFiles  initialFiles
	definitions   *createTracker[definitionName, DefinitionKey]
	// definitionLists has a list of each kind, and one for each organization.
	definitionLists listCache[Definition]
	definitionLocks *objectLocks
	// initialDefinitions has the ids, by kind and organization.
	initialDefinitions initialLists[definitionName, string]
}

// New returns a client for cfg, or a *rest.ConfigError if cfg is invalid. It sends nothing: the first request logs in.
func New(cfg Config) (*Client, error) {
	requests, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{
		rest: requests,
		auth: &authenticator{
			jwt: cfg.Token, canLogIn: cfg.Token == "",
			login: func(ctx context.Context) (string, error) { return login(ctx, requests, cfg.APIKeyID, cfg.APIKey) },
		},
		locks:           newObjectLocks(cfg.Host, "organization"),
		userLocks:       newObjectLocks(cfg.Host, "user"),
		creatorLock:     newObjectLocks(cfg.Host, "creator"),
		organizations:   newCreateTracker[string, int64](requests),
		files:           newCreateTracker[uploadKey, FileKey](requests),
		definitions:     newCreateTracker[definitionName, DefinitionKey](requests),
		definitionLocks: newObjectLocks(cfg.Host, "definition"),
	}
	c.cache = newOrganizationCache(c.ReadOrganization, func(ctx context.Context) ([]*Organization, error) {
		all, _, err := c.readOrganizations(ctx)
		return all, err
	})
	return c, nil
}

// fetch sends a request. If the platform responds 401 and there is an API key, it logs in again and retries once.
func fetch[T any](ctx context.Context, c *Client, req *rest.Request, decode func(*rest.Response) (T, error)) (T, error) {
	var none T
	token, err := c.auth.token(ctx)
	if err != nil {
		return none, c.wrapCanceled(ctx, req, err)
	}
	value, err := rest.Fetch(ctx, c.rest, req, token, decode)
	if !rest.IsStatus(err, http.StatusUnauthorized) || !c.auth.canLogIn {
		return value, err
	}
	if token, err = c.auth.renew(ctx, token); err != nil {
		return none, c.wrapCanceled(ctx, req, err)
	}
	return rest.Fetch(ctx, c.rest, req, token, decode)
}

// wrapCanceled returns err, or an Error that names the request if the caller was canceled before the request was sent,
// while it waited for a login, a shared read or a lock.
func (c *Client) wrapCanceled(ctx context.Context, req *rest.Request, err error) error {
	if _, named := errors.AsType[*Error](err); err == nil || named || ctx.Err() == nil {
		return err
	}
	return c.rest.Canceled(req, context.Cause(ctx))
}

// organizationRequest returns a request for a path below an organization's.
func organizationRequest(method, suffix string, id int64) *rest.Request {
	return &rest.Request{
		Method: method, Path: organizationPath + suffix, PathValues: map[string]string{"id": strconv.FormatInt(id, 10)},
	}
}

// adminRequest is organizationRequest for calls that only administrators may make.
func adminRequest(method, suffix string, id int64) *rest.Request {
	req := organizationRequest(method, suffix, id)
	req.Admin = true
	return req
}

// IsNotFound reports whether err says that an object doesn't exist: a 404 in the platform's own form. For an
// organization, the list of organizations confirms it, unless that is forbidden.
func IsNotFound(err error) bool { return isKind(err, rest.KindNotFound) }

// IsForbidden reports whether err is a 403 in the platform's own form: the caller lacks a right.
func IsForbidden(err error) bool { return isKind(err, rest.KindForbidden) }

// isKind reports whether err is an Error of this kind.
func isKind(err error, kind rest.ErrorKind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == kind
}

// isCanceled reports whether a call ended because its caller canceled it.
func isCanceled(ctx context.Context, err error) bool {
	return ctx.Err() != nil || isKind(err, rest.KindCanceled)
}
