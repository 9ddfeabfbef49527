package acceptance_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The sandbox validates requests and responses against the OpenAPI document. This test makes every call.
func TestClientMatchesContract(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*sandbox.Config){
		"usual":   acceptance.Usual,
		"unusual": acceptance.Unusual,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t, change)
			client := newClient(t, s)
			user := s.AddUser(sandbox.User{Name: "x", Organizations: []int64{s.AddOrganization(sandbox.Organization{Name: "other"}).ID}})
			callAllOperations(t, client, user.ID)
			checkAllOperationsCalled(t, s)
		})
	}
}

func callAllOperations(t *testing.T, client *guardai.Client, userID int64) {
	t.Helper()
	ctx := t.Context()
	org, err := client.CreateOrganization(ctx, "x", &guardai.Settings{DisabledFeatures: []string{"EVALUATION"}, MaxItemCount: new(int64(5))})
	must(t, "create", err)
	_, err = client.UpdateOrganization(ctx, org.ID, guardai.OrganizationChange{Name: "y"})
	must(t, "update", err)
	copied, err := client.CopyOrganization(ctx, org.ID, "copy")
	must(t, "copy", err)
	_, err = client.GetOrganization(ctx, org.ID)
	must(t, "get", err)
	_, err = client.ListOrganizations(ctx)
	must(t, "list", err)
	must(t, "stats", client.RefreshStats(ctx, org.ID))
	_, err = client.ListMembers(ctx, org.ID, true)
	must(t, "members", err)
	_, err = client.GetAssets(ctx, org.ID)
	must(t, "assets", err)
	_, err = client.ListTransforms(ctx, org.ID)
	must(t, "transforms", err)
	_, err = client.ListHPODefinitions(ctx, org.ID)
	must(t, "hpo", err)
	_, err = client.CurrentUser(ctx)
	must(t, "current user", err)
	_, err = client.ListUsers(ctx)
	must(t, "users", err)
	_, err = client.ListMetrics(ctx)
	must(t, "metrics", err)
	_, err = client.AddMember(ctx, org.ID, userID)
	must(t, "add member", err)
	must(t, "remove member", client.RemoveMember(ctx, org.ID, userID))
	must(t, "invite", client.Invite(ctx, "x@example.com", "x"))
	_, err = client.ListProjects(ctx, org.ID)
	must(t, "projects", err)
	_, err = client.ListModels(ctx)
	must(t, "models", err)
	_, err = client.ListDatasets(ctx, org.ID)
	must(t, "datasets", err)
	callAllFileOperations(t, client, org.ID)
	callAllDefinitionOperations(t, client, org.ID, guardai.TransformKind)
	callAllDefinitionOperations(t, client, org.ID, guardai.MetricKind)
	must(t, "delete", client.DeleteOrganization(ctx, copied.ID))
	if err := client.DeleteOrganization(ctx, copied.ID); !guardai.IsNotFound(err) {
		t.Errorf("deleting twice: got %v", err)
	}
}

func callAllFileOperations(t *testing.T, client *guardai.Client, organizationID int64) {
	t.Helper()
	ctx := t.Context()
	dataset := int64(3)
	upload := guardai.Upload{
		FileKey:   guardai.FileKey{OrganizationID: organizationID, Type: "classmapping"},
		DatasetID: &dataset, Name: `ä "b".csv`, ContentType: "text/csv", Size: 5,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hello")), nil },
	}
	uploaded, err := client.UploadFile(ctx, upload)
	must(t, "upload", err)
	upload.Ref = uploaded.Ref
	uploaded, err = client.UploadFile(ctx, upload)
	must(t, "upload again", err)
	upload.Ref = uploaded.Ref
	must(t, "rename", client.RenameFile(ctx, upload.FileKey, "c d.csv"))
	_, err = client.FileUsage(ctx, upload.FileKey)
	must(t, "usage", err)
	must(t, "download", client.DownloadFile(ctx, upload.FileKey, func(_ string, content io.Reader) error {
		raw, err := io.ReadAll(content)
		if string(raw) != "hello" {
			t.Errorf("downloaded %q", raw)
		}
		return err
	}))
	org, err := client.ReadOrganization(ctx, organizationID)
	must(t, "read", err)
	if files := org.Settings.ClassMappingFiles; len(files) != 1 || files[0].FileName != "c d.csv" || files[0].Ref != upload.Ref || *files[0].DatasetID != dataset {
		t.Errorf("listed: %+v", files)
	}
	must(t, "delete file", client.DeleteFile(ctx, upload.FileKey))
}

func callAllDefinitionOperations(t *testing.T, client *guardai.Client, organizationID int64, kind guardai.DefinitionKind) {
	t.Helper()
	ctx := t.Context()
	created, err := client.CreateDefinition(ctx, kind, organizationID, "x")
	must(t, "create", err)
	key := guardai.DefinitionKey{Kind: kind, OrganizationID: organizationID, ID: created.ID}
	_, err = client.UpdateDefinition(ctx, key, map[string]json.RawMessage{"description": json.RawMessage(`"x"`)})
	must(t, "update", err)
	must(t, "upload", client.UploadCode(ctx, key, guardai.Code{
		Name: "ä.py", ContentType: "text/x-python", Size: 5,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hello")), nil },
	}))
	must(t, "download", client.DownloadCode(ctx, key, func(string, io.Reader) error { return nil }))
	all, err := client.ListDefinitions(ctx, kind, organizationID)
	must(t, "list", err)
	if len(all) != 1 || all[0].ID != key.ID || string(all[0].Fields["description"]) != `"x"` {
		t.Errorf("listed: %+v", all)
	}
	must(t, "delete", client.DeleteDefinition(ctx, key))
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func checkAllOperationsCalled(t *testing.T, s *acceptance.Sandbox) {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(sandbox.OpenAPI)
	must(t, "OpenAPI document", err)
	var called []string
	for _, request := range s.Requests() {
		called = append(called, request.Operation)
	}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if !slices.Contains(called, operation.OperationID) {
				t.Errorf("%s %s (%s) was not called: add it to callAllOperations", method, path, operation.OperationID)
			}
		}
	}
}
