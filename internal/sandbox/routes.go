package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	loginPath         = "/api/v1/login"
	organizationsPath = "/api/v1/organizations"
	organizationPath  = organizationsPath + "/{id}"
	filePath          = organizationPath + "/file"
)

// bodyLimit is how many bytes a JSON body may have.
const bodyLimit = 16 << 20

// operation is a call of the contract. Its handle either answers or returns what
// to answer with; who is nil for the one call that needs no token.
type operation struct {
	id, method, path string
	admin, public    bool
	handle           func(w http.ResponseWriter, r *http.Request, who *user) error
}

func (o *operation) pattern() string { return o.method + " " + o.path }

// operations returns the contract's table of calls.
func (s *Server) operations() []*operation {
	return []*operation{
		{id: "login", method: http.MethodPost, path: loginPath, public: true, handle: s.login},
		{id: "get_organizations", method: http.MethodGet, path: organizationsPath, admin: true, handle: s.getOrganizations},
		{id: "add_organization", method: http.MethodPost, path: organizationsPath, handle: s.addOrganization},
		{id: "get_organization", method: http.MethodGet, path: organizationPath, handle: s.getOrganization},
		{id: "update_organization", method: http.MethodPut, path: organizationPath, handle: s.updateOrganization},
		{id: "delete_organization", method: http.MethodDelete, path: organizationPath, handle: s.deleteOrganization},
		{id: "copy_organization", method: http.MethodPost, path: organizationPath + "/copy", admin: true, handle: s.copyOrganization},
		{id: "update_org_stats", method: http.MethodGet, path: organizationPath + "/stat", admin: true, handle: s.updateOrgStats},
		{id: "get_members", method: http.MethodGet, path: organizationPath + "/members", admin: true, handle: s.getMembers},
		{id: "get_asset_definitions", method: http.MethodGet, path: organizationPath + "/assets", handle: s.getAssetDefinitions},
		{id: "get_defined_transforms", method: http.MethodGet, path: organizationPath + "/transforms", handle: s.getDefinedTransforms},
		{id: "get_defined_hpo", method: http.MethodGet, path: organizationPath + "/hpo", handle: s.getDefinedHPO},
		{id: "upload_organization_file", method: http.MethodPost, path: filePath, handle: s.uploadFile},
		{id: "download_organization_file", method: http.MethodGet, path: filePath, handle: s.downloadFile},
		{id: "rename_organization_file", method: http.MethodPut, path: filePath, handle: s.renameFile},
		{id: "delete_organization_file", method: http.MethodDelete, path: filePath, handle: s.deleteFile},
		{id: "get_organization_file_usage", method: http.MethodGet, path: filePath + "/usage", handle: s.getFileUsage},
	}
}

func (s *Server) routeOperations() {
	s.mux, s.ids = http.NewServeMux(), map[string]string{}
	methods := map[string][]string{}
	for _, op := range s.operations() {
		s.ids[op.pattern()] = op.id
		methods[op.path] = append(methods[op.path], op.method)
		s.mux.Handle(op.pattern(), s.authorized(op))
	}
	for path, allowed := range methods {
		s.mux.Handle(path, s.authorized(&operation{public: path == loginPath, handle: wrongMethod(allowed)}))
	}
	s.mux.Handle("/api", s.authorized(&operation{handle: unknownEndpoint}))
	s.mux.Handle("/api/", s.authorized(&operation{handle: unknownEndpoint}))
	s.mux.Handle("/", s.authorized(&operation{public: true, handle: unknownEndpoint}))
}

// operationID returns the id of the operation that a request is for, and "" where
// it is for none.
func (s *Server) operationID(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	return s.ids[pattern]
}

// authorized lets those requests through to an operation that may make it.
func (s *Server) authorized(op *operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.handle(op, w, r); err != nil {
			drain(r)
			writeError(w, r, err)
		}
	})
}

// drain reads what is left of a request's body. A client that is still sending
// might otherwise find the connection closed before it gets to read the answer.
func drain(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

func (s *Server) handle(op *operation, w http.ResponseWriter, r *http.Request) error {
	if op.public {
		return op.handle(w, r, nil)
	}
	who, err := s.authenticate(r)
	if err != nil {
		return err
	}
	if op.admin && !who.admin {
		return forbidden("Access is denied: this call is for administrators.")
	}
	return op.handle(w, r, who)
}

func wrongMethod(allowed []string) func(http.ResponseWriter, *http.Request, *user) error {
	return func(w http.ResponseWriter, r *http.Request, _ *user) error {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return &apiError{http.StatusMethodNotAllowed, "Request method '" + r.Method + "' is not supported."}
	}
}

func unknownEndpoint(_ http.ResponseWriter, r *http.Request, _ *user) error {
	return notFound("No endpoint " + r.Method + " " + r.URL.Path + ".")
}

// pathID returns the organization id of a request's path.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, badRequest("The id '" + r.PathValue("id") + "' is not a number.")
	}
	return id, nil
}

// readObject reads a request's body, which must be a JSON object.
func readObject(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return nil, unsupportedMediaType("Content-Type '" + r.Header.Get("Content-Type") + "' is not supported.")
	}
	var value any
	if err := decodeJSON(http.MaxBytesReader(w, r.Body, bodyLimit), &value); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge("The request body is too large.")
		}
		return nil, badRequest("The request body is not JSON: " + err.Error())
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, badRequest("The request body is not a JSON object.")
	}
	return object, nil
}
