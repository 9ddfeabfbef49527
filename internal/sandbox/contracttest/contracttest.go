// Package contracttest validates requests and responses of the sandbox against the API's OpenAPI document. Only tests
// import it.
package contracttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Document returns the sandbox's OpenAPI document, parsed and validated.
var Document = sync.OnceValues(func() (*openapi3.T, error) {
	document, err := openapi3.NewLoader().LoadFromData(sandbox.OpenAPI)
	if err != nil {
		return nil, err
	}
	document.Servers = nil // Each sandbox has its own address.
	// A newer platform has more features. The sandbox itself checks which of them a client may send.
	document.Components.Schemas["OrganizationSettings"].Value.Properties["disabledFeatures"].Value.Items.Value.Enum = nil
	return document, document.Validate(context.Background())
})

// Middleware returns middleware for sandbox.Config that reports each request and response that violates the document.
// The request is not checked if the response is 4xx, because it may be invalid on purpose. For uploads and downloads,
// only the parameters are checked, not the content. With allowNull, null is accepted for a missing field, as an unusual
// sandbox sends and accepts it; the document allows null nowhere. report may be called from several goroutines.
func Middleware(report func(format string, args ...any), allowNull bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		document, router, err := load()
		if err != nil {
			report("the OpenAPI document can't be used: %s", err)
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			call := newCall(w, r, router)
			call.allowNull = allowNull
			next.ServeHTTP(call, r)
			for _, err := range call.check(r.Context(), document) {
				report("%s %s got %d: %s", r.Method, r.URL.Path, call.status, err)
			}
		})
	}
}

func load() (*openapi3.T, routers.Router, error) {
	document, err := Document()
	if err != nil {
		return nil, nil, err
	}
	router, err := legacy.NewRouter(document)
	return document, router, err
}

// call is a request with its response.
type call struct {
	http.ResponseWriter
	request      *http.Request
	requestBody  bytes.Buffer
	route        *routers.Route
	parameters   map[string]string
	status       int
	responseBody bytes.Buffer
	allowNull    bool
}

// newCall records r's body while it is read, unless it is an upload.
func newCall(w http.ResponseWriter, r *http.Request, router routers.Router) *call {
	c := &call{ResponseWriter: w, request: r.Clone(r.Context())}
	route, parameters, err := router.FindRoute(r)
	if err == nil && strings.Count(route.Path, "/") == strings.Count(r.URL.Path, "/") { // The router ignores extra slashes.
		c.route, c.parameters = route, parameters
	}
	if !isForm(r) {
		r.Body = &recordedBody{ReadCloser: r.Body, record: &c.requestBody}
	}
	return c
}

func isForm(r *http.Request) bool {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mediaType == "multipart/form-data"
}

type recordedBody struct {
	io.ReadCloser
	record *bytes.Buffer
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.record.Write(p[:n])
	return n, err
}

func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *call) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if !c.isDownload() {
		c.responseBody.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// isDownload reports whether the response may contain arbitrary bytes.
func (c *call) isDownload() bool {
	if c.route == nil {
		return false
	}
	response := c.route.Operation.Responses.Status(c.status)
	return response != nil && response.Value.Content["*/*"] != nil
}

// check returns the violations of a call. An aborted call has none.
func (c *call) check(ctx context.Context, document *openapi3.T) []error {
	var violations []error
	switch {
	case c.status == 0:
	case c.route == nil:
		violations = append(violations, c.checkError(document))
	case c.status < http.StatusBadRequest:
		violations = append(violations, c.checkRequest(ctx), c.checkResponse(ctx))
	default:
		violations = append(violations, c.checkResponse(ctx))
	}
	return slices.DeleteFunc(violations, func(err error) bool { return err == nil })
}

func (c *call) input() *openapi3filter.RequestValidationInput {
	c.request.Body = io.NopCloser(bytes.NewReader(c.withoutAllowedNulls(c.requestBody.Bytes())))
	return &openapi3filter.RequestValidationInput{
		Request: c.request, PathParams: c.parameters, Route: c.route,
		Options: withShortErrors(&openapi3filter.Options{AuthenticationFunc: checkBearer, ExcludeRequestBody: isForm(c.request)}),
	}
}

// withShortErrors leaves the full schema and value out of error messages.
func withShortErrors(options *openapi3filter.Options) *openapi3filter.Options {
	options.MultiError = true
	options.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return "/" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
	})
	return options
}

// checkBearer requires a token. The sandbox checks whether it is valid.
func checkBearer(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	if input.RequestValidationInput.Request.Header.Get("Authorization") == "" {
		return errors.New("there is no Authorization header")
	}
	return nil
}

func (c *call) checkRequest(ctx context.Context) error {
	if c.route.Operation.RequestBody == nil && c.requestBody.Len() > 0 {
		return errors.New("the request has an unexpected body")
	}
	return openapi3filter.ValidateRequest(ctx, c.input())
}

func (c *call) checkResponse(ctx context.Context) error {
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: c.input(), Status: c.status, Header: c.Header(),
		Options: withShortErrors(&openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: c.isDownload()}),
	}
	documented := c.route.Operation.Responses.Status(c.status)
	if documented != nil && len(documented.Value.Content) == 0 && c.responseBody.Len() > 0 {
		return errors.New("the response has an unexpected body")
	}
	input.SetBodyBytes(c.withoutAllowedNulls(c.responseBody.Bytes()))
	return openapi3filter.ValidateResponse(ctx, input)
}

func (c *call) withoutAllowedNulls(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if !c.allowNull || decoder.Decode(&value) != nil {
		return body
	}
	dropNulls(value)
	changed, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return changed
}

func dropNulls(value any) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			dropNulls(element)
		}
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, field any) bool { return field == nil })
		for _, field := range v {
			dropNulls(field)
		}
	}
}

// checkError checks the response to an undocumented request.
func (c *call) checkError(document *openapi3.T) error {
	if c.status < http.StatusBadRequest {
		return errors.New("the call is not documented")
	}
	var response any
	if err := json.Unmarshal(c.responseBody.Bytes(), &response); err != nil {
		return fmt.Errorf("the error response is not JSON: %w", err)
	}
	return document.Components.Schemas["Error"].Value.VisitJSON(response)
}
