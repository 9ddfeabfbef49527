package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// contract is the table of calls in the API's documentation.
var contract = []string{
	"add_organization POST /api/v1/organizations",
	"copy_organization POST /api/v1/organizations/{id}/copy",
	"delete_organization DELETE /api/v1/organizations/{id}",
	"delete_organization_file DELETE /api/v1/organizations/{id}/file",
	"download_organization_file GET /api/v1/organizations/{id}/file",
	"get_asset_definitions GET /api/v1/organizations/{id}/assets",
	"get_defined_hpo GET /api/v1/organizations/{id}/hpo",
	"get_defined_transforms GET /api/v1/organizations/{id}/transforms",
	"get_members GET /api/v1/organizations/{id}/members",
	"get_organization GET /api/v1/organizations/{id}",
	"get_organization_file_usage GET /api/v1/organizations/{id}/file/usage",
	"get_organizations GET /api/v1/organizations",
	"login POST /api/v1/login",
	"rename_organization_file PUT /api/v1/organizations/{id}/file",
	"update_org_stats GET /api/v1/organizations/{id}/stat",
	"update_organization PUT /api/v1/organizations/{id}",
	"upload_organization_file POST /api/v1/organizations/{id}/file",
}

func TestDocumentIsTheContract(t *testing.T) {
	t.Parallel()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			documented = append(documented, operation.OperationID+" "+method+" "+path)
			if operation.Security == nil && operation.OperationID == "login" {
				t.Error("login needs a token")
			}
		}
	}
	slices.Sort(documented)
	if diff := cmp.Diff(contract, documented); diff != "" {
		t.Error(diff)
	}
}

// TestServerServesTheContract checks that the log names each call as the
// contract does.
func TestServerServesTheContract(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Config{})
	b.token = ""
	for _, line := range contract {
		fields := strings.Fields(line)
		b.send(fields[1], strings.ReplaceAll(fields[2], "{id}", "1"), nil)
		if b.Count(fields[0]) != 1 {
			t.Errorf("%s was not served as that", line)
		}
		b.Inject(sandbox.Fault{Operation: fields[0], Kind: sandbox.FaultEmpty})
	}
}

// TestMiddlewareReports checks that a wrong request and a wrong answer are seen.
func TestMiddlewareReports(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/organizations/1"
	tests := map[string]struct {
		method, path, body, contentType, token string
		status                                 int
		answerType, answer                     string
		reports                                bool
	}{
		"good":                    {"GET", path, "", "", "x", 200, "application/json", `{"id":1,"more":[]}`, false},
		"good update":             {"PUT", path, `{"name":"a","more":1}`, "application/json", "x", 200, "application/json", `{}`, false},
		"good error":              {"GET", path, "", "", "", 401, "application/json", springError, false},
		"refused request":         {"PUT", path, `{"name":1}`, "application/json", "x", 400, "application/json", springError, false},
		"refused path":            {"GET", "/api/v1/other", "", "", "x", 404, "application/json", springError, false},
		"id is text":              {"GET", path, "", "", "x", 200, "application/json", `{"id":"1"}`, true},
		"date without a time":     {"GET", path, "", "", "x", 200, "application/json", `{"creationDateTime":"2022"}`, true},
		"unknown feature":         {"GET", path, "", "", "x", 200, "application/json", `{"settings":{"disabledFeatures":["A"]}}`, true},
		"a list":                  {"GET", path, "", "", "x", 200, "application/json", `[]`, true},
		"HTML":                    {"GET", path, "", "", "x", 200, "text/html", `<p>`, true},
		"undocumented status":     {"GET", path, "", "", "x", 202, "application/json", `{}`, true},
		"error of another shape":  {"GET", path, "", "", "x", 404, "application/json", `{"message":"no"}`, true},
		"body in an empty answer": {"DELETE", path, "", "", "x", 200, "application/json", `{}`, true},
		"accepted without token":  {"GET", path, "", "", "", 200, "application/json", `{}`, true},
		"accepted wrong name":     {"PUT", path, `{"name":1}`, "application/json", "x", 200, "application/json", `{}`, true},
		"accepted wrong type":     {"PUT", path, `{}`, "text/plain", "x", 200, "application/json", `{}`, true},
		"accepted nothing":        {"PUT", path, ``, "application/json", "x", 200, "application/json", `{}`, true},
		"accepted bad id":         {"GET", path + "x", "", "", "x", 200, "application/json", `{}`, true},
		"accepted without ref":    {"DELETE", path + "/file?type=a", "", "", "x", 204, "", ``, true},
		"accepted bad dataset":    {"POST", path + "/file?type=a&datasetId=b", "", "multipart/form-data", "x", 201, "application/json", `"r"`, true},
		"accepted body of a get":  {"GET", path, "{}", "application/json", "x", 200, "application/json", `{}`, true},
		"accepted unknown path":   {"GET", "/api/v1/other", "", "", "x", 200, "application/json", `{}`, true},
		"download":                {"GET", path + "/file?type=a&ref=b", "", "", "x", 200, "image/png", "\xff", false},
		"bare text":               {"POST", path + "/file?type=a", "", "multipart/form-data", "x", 201, "text/plain;charset=UTF-8", `r`, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := 0
			api := contracttest.Middleware(func(format string, args ...any) {
				reports++
				t.Logf(format, args...)
			})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", test.answerType)
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}))
			request := httptest.NewRequestWithContext(t.Context(), test.method, test.path, strings.NewReader(test.body))
			request.Header.Set("Content-Type", test.contentType)
			if test.token != "" {
				request.Header.Set("Authorization", "Bearer "+test.token)
			}
			api.ServeHTTP(httptest.NewRecorder(), request)
			if (reports > 0) != test.reports {
				t.Errorf("%d reports", reports)
			}
		})
	}
}

const springError = `{"timestamp":"2022-03-01T12:00:00.000+00:00","status":400,"error":"Bad Request","message":"m","path":"/"}`
