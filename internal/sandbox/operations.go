package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	loginPath         = "/api/v1/login"
	organizationsPath = "/api/v1/organizations"
	organizationPath  = organizationsPath + "/{id}"
	filePath          = organizationPath + "/file"
	usersPath         = "/api/v1/users"
	currentUserPath   = usersPath + "/me"
)

// bodyLimit is the maximum size of a JSON request body in bytes.
const bodyLimit = 16 << 20

// handler processes a call and returns the response body: nil for none, a *download, a bareText, or a value to encode
// as JSON.
type handler func(*call) (any, error)

// operation is an API call.
type operation struct {
	id, method, path string
	// status is the status of a successful response; 0 means 200.
	status int
	// required lists the mandatory query parameters.
	required []string
	// public operations require no token, and admin operations require an administrator's.
	public, admin bool
	handle        handler
}

// call is a request to an operation.
type call struct {
	operation string
	w         http.ResponseWriter
	r         *http.Request
	// user is nil if the operation is public. It is a copy.
	user *User
	// id is the number in the path, or 0: of a user in calls about users, and of an organization in all others.
	id    int64
	query url.Values
	// status is the response status on success.
	status int
}

// operations returns all API calls.
func (s *Server) operations() []*operation {
	typeOnly, refAndType := []string{"type"}, []string{"ref", "type"}
	operations := []*operation{
		{id: "login", method: "POST", path: loginPath, public: true, handle: s.login},
		{id: "get_organizations", method: "GET", path: organizationsPath, admin: true, handle: s.getOrganizations},
		{id: "add_organization", method: "POST", path: organizationsPath, status: 201, handle: s.addOrganization},
		{id: "get_organization", method: "GET", path: organizationPath, handle: s.viewHandler(getOrganization)},
		{id: "update_organization", method: "PUT", path: organizationPath, handle: s.updateOrganization},
		{id: "delete_organization", method: "DELETE", path: organizationPath, status: 204, handle: s.updateHandler(s.deleteOrganization)},
		{id: "copy_organization", method: "POST", path: organizationPath + "/copy", status: 201, admin: true, handle: s.copyOrganization},
		{id: "update_org_stats", method: "GET", path: organizationPath + "/stat", admin: true, handle: s.updateHandler(updateOrgStats)},
		{id: "get_members", method: "GET", path: organizationPath + "/members", admin: true, handle: s.viewHandler(s.getMembers)},
		{id: "get_asset_definitions", method: "GET", path: organizationPath + "/assets", handle: s.viewHandler(getAssetDefinitions)},
		{id: "get_defined_transforms", method: "GET", path: organizationPath + "/transforms", handle: s.viewHandler(getDefinedTransforms)},
		{id: "get_defined_hpo", method: "GET", path: organizationPath + "/hpo", handle: s.viewHandler(getDefinedHPO)},
		{id: "upload_organization_file", method: "POST", path: filePath, status: 201, required: typeOnly, handle: s.uploadFile},
		{id: "download_organization_file", method: "GET", path: filePath, required: refAndType, handle: s.viewHandler(downloadFile)},
		{id: "rename_organization_file", method: "PUT", path: filePath, required: []string{"name", "ref", "type"}, handle: s.updateHandler(renameFile)},
		{id: "delete_organization_file", method: "DELETE", path: filePath, status: 204, required: refAndType, handle: s.updateHandler(deleteFile)},
		{id: "get_organization_file_usage", method: "GET", path: filePath + "/usage", required: refAndType, handle: s.viewHandler(getFileUsage)},
		{id: "get_users", method: "GET", path: usersPath, admin: true, handle: s.getUsers},
		{id: "get_logged_in_user", method: "GET", path: currentUserPath, handle: s.getLoggedInUser},
		{id: "get_user", method: "GET", path: usersPath + "/{id}", handle: s.getUser},
		{id: "update_user", method: "PUT", path: usersPath + "/{id}", admin: true, handle: s.updateUser},
		{id: "send_invite", method: "POST", path: "/api/v1/register/invite", status: 201, admin: true, handle: s.sendInvite},
		{id: "get_projects", method: "GET", path: "/api/v1/projects", handle: s.getProjects},
		{id: "get_models", method: "GET", path: "/api/v1/models", handle: s.getModels},
		{id: "get_datasets", method: "GET", path: "/api/v1/datasets/{id}", handle: s.viewHandler(getDatasets)},
	}
	operations = append(operations, s.definitionOperations(Transform, "upload_file", "download_file")...)
	return append(operations, s.definitionOperations(Metric, "upload_metric_file", "download_metric_file")...)
}

func (s *Server) routeOperations() {
	s.mux, s.ids = http.NewServeMux(), map[string]string{}
	methods := map[string][]string{}
	for _, op := range s.operations() {
		pattern := op.method + " " + op.path
		s.ids[pattern] = op.id
		methods[op.path] = append(methods[op.path], op.method)
		s.mux.Handle(pattern, s.serve(op))
	}
	delete(methods, currentUserPath) // Its other methods are those of a user by id.
	for path, allowed := range methods {
		s.mux.Handle(path, s.serve(&operation{public: path == loginPath, handle: wrongMethod(allowed)}))
	}
	unknown := func(c *call) (any, error) { return nil, noEndpoint(c.r) }
	s.mux.Handle("/api", s.serve(&operation{handle: unknown}))
	s.mux.Handle("/api/", s.serve(&operation{handle: unknown}))
	s.mux.Handle("/", s.serve(&operation{public: true, handle: unknown}))
}

// operationID returns the operation id of a request, or "" if there is none.
func (s *Server) operationID(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	return s.ids[pattern]
}

// serve returns the HTTP handler of an operation.
func (s *Server) serve(op *operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{operation: op.id, w: w, r: r, status: max(op.status, http.StatusOK)}
		body, err := s.perform(op, c)
		if err == nil {
			err = s.respond(op, c, body)
		}
		if err != nil {
			drain(r)
			writeError(w, r, err)
		}
	})
}

// drain reads the rest of a request body. Otherwise, a client that is still sending may find the connection closed
// before it reads the response.
func drain(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// perform runs the checks that all operations share, and handles the call.
func (s *Server) perform(op *operation, c *call) (any, error) {
	var err error
	if !op.public {
		if c.user, err = s.authenticate(c.r); err != nil {
			return nil, err
		}
	}
	if op.admin && !c.user.isAdmin() {
		return nil, forbidden("Access is denied: this call requires administrator rights.")
	}
	if id := c.r.PathValue("id"); id != "" && op.id != "" {
		if c.id, err = strconv.ParseInt(id, 10, 64); err != nil {
			return nil, badRequest("The id '" + id + "' is not a number.")
		}
	}
	if err := c.readQuery(op.required); err != nil {
		return nil, err
	}
	return op.handle(c)
}

func (c *call) readQuery(required []string) error {
	if len(required) == 0 {
		return nil
	}
	var err error
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return badRequest("The query can't be parsed: " + err.Error())
	}
	for _, name := range required {
		if !c.query.Has(name) {
			return badRequest("Required request parameter '" + name + "' is not present.")
		}
		if name != "ref" && strings.TrimSpace(c.query.Get(name)) == "" {
			return badRequest(name + " must not be blank.")
		}
	}
	return nil
}

// bareText is a plain-text body.
type bareText string

func (s *Server) respond(op *operation, c *call, body any) error {
	if s.config.Unusual {
		c.status = http.StatusOK
	}
	switch v := body.(type) {
	case nil:
		c.w.WriteHeader(c.status)
	case *download:
		v.write(c.w)
	case bareText:
		writeBody(c.w, c.status, "text/plain;charset=UTF-8", []byte(v))
	default:
		if s.config.Unusual {
			var err error
			if body, err = showUnusually(op.id, v); err != nil {
				return err
			}
		}
		return writeJSON(c.w, c.status, body)
	}
	return nil
}

// viewHandler returns a handler with read access to the organization in the path. view must not keep the organization.
func (s *Server) viewHandler(view func(*call, *organization) (any, error)) handler {
	return func(c *call) (any, error) {
		s.state.mu.RLock()
		defer s.state.mu.RUnlock()
		org, err := s.state.accessible(c.user, c.id)
		if err != nil {
			return nil, err
		}
		return view(c, org)
	}
}

// updateHandler returns a handler that changes the organization in the path and saves the state.
func (s *Server) updateHandler(update func(*call, *organization) (any, error)) handler {
	return func(c *call) (any, error) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		org, err := s.state.accessible(c.user, c.id)
		if err != nil {
			return nil, err
		}
		body, err := update(c, org)
		if err != nil {
			return nil, err
		}
		return body, s.state.save()
	}
}

func wrongMethod(allowed []string) handler {
	return func(c *call) (any, error) {
		c.w.Header().Set("Allow", strings.Join(allowed, ", "))
		return nil, &apiError{http.StatusMethodNotAllowed, "Request method '" + c.r.Method + "' is not supported."}
	}
}

// readObject decodes a request body, which must be a JSON object without nulls.
func (s *Server) readObject(c *call) (map[string]any, error) {
	mediaType, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return nil, unsupportedMediaType(c.r)
	}
	var value any
	if err := decodeJSON(http.MaxBytesReader(c.w, c.r.Body, bodyLimit), &value); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, &apiError{http.StatusRequestEntityTooLarge, "The request body is too large."}
		}
		return nil, badRequest("The request body is not JSON: " + err.Error())
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, badRequest("The request body is not a JSON object.")
	}
	return object, s.checkNulls(c.operation, object)
}
