package sandbox_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// contract lists the calls in the API's documentation.
var contract = []string{
	"add_metric POST /api/v1/metrics",
	"add_organization POST /api/v1/organizations",
	"add_transform POST /api/v1/transforms",
	"copy_organization POST /api/v1/organizations/{id}/copy",
	"delete_metric DELETE /api/v1/metrics/{id}",
	"delete_organization DELETE /api/v1/organizations/{id}",
	"delete_organization_file DELETE /api/v1/organizations/{id}/file",
	"delete_transform DELETE /api/v1/transforms/{id}",
	"download_file GET /api/v1/transforms/{id}/data",
	"download_metric_file GET /api/v1/metrics/{id}/data",
	"download_organization_file GET /api/v1/organizations/{id}/file",
	"get_asset_definitions GET /api/v1/organizations/{id}/assets",
	"get_datasets GET /api/v1/datasets/{orgId}",
	"get_defined_hpo GET /api/v1/organizations/{id}/hpo",
	"get_defined_transforms GET /api/v1/organizations/{id}/transforms",
	"get_logged_in_user GET /api/v1/users/me",
	"get_members GET /api/v1/organizations/{id}/members",
	"get_metric GET /api/v1/metrics/{id}",
	"get_metrics GET /api/v1/metrics",
	"get_models GET /api/v1/models",
	"get_organization GET /api/v1/organizations/{id}",
	"get_organization_file_usage GET /api/v1/organizations/{id}/file/usage",
	"get_organizations GET /api/v1/organizations",
	"get_projects GET /api/v1/projects",
	"get_transform GET /api/v1/transforms/{id}",
	"get_transforms GET /api/v1/transforms",
	"get_user GET /api/v1/users/{id}",
	"get_users GET /api/v1/users",
	"login POST /api/v1/login",
	"rename_organization_file PUT /api/v1/organizations/{id}/file",
	"send_invite POST /api/v1/register/invite",
	"update_metric PUT /api/v1/metrics/{id}",
	"update_org_stats GET /api/v1/organizations/{id}/stat",
	"update_organization PUT /api/v1/organizations/{id}",
	"update_transform PUT /api/v1/transforms/{id}",
	"update_user PUT /api/v1/users/{id}",
	"upload_file POST /api/v1/transforms/{id}",
	"upload_metric_file POST /api/v1/metrics/{id}",
	"upload_organization_file POST /api/v1/organizations/{id}/file",
}

func TestDocumentHasAllOperations(t *testing.T) {
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
		t.Errorf("the calls in openapi.yaml aren't those of contract, the list in this test: %s", diff)
	}
}

// statuses lists the statuses of each method in the vendor's reference.
var statuses = map[string]string{
	"GET": "200 401 403 404", "POST": "200 201 401 403 404", "PUT": "200 201 401 403 404", "DELETE": "200 204 401 403",
}

// models lists the contract's models with the type of each field.
var models = map[string]string{
	"OrganizationRequest":       "name:string settings:OrganizationSettings",
	"OrganizationResponse":      "creationDateTime:date-time id:int64 name:string settings:OrganizationSettings stats:OrganizationStatsResponse timeUsed:int64",
	"OrganizationSettings":      "classMappingFiles:[ClassMappingFileRef] disabledFeatures:[string] maxItemCount:int32 maxTimeAllocated:int32 maxTimePerTask:int32",
	"ClassMappingFileRef":       "contentType:string datasetId:int64 fileName:string ref:string",
	"OrganizationStatsResponse": "datasetStorage:int64 projectStorage:int64",
	"UserResponse": "avatar:byte email:string id:int64 lastLoginDateTime:date-time licenseAccepted:boolean name:string " +
		"organizations:[OrganizationResponse] registered:boolean roles:string settings:UserSettings timeUsed:int64 uid:string",
	"UserSettings":  "favoriteProjects:[int64] notifications:boolean",
	"UserRequest":   "feedback:string jsonSettings:string licenseAccepted:boolean organizations:[int64] roles:string",
	"InviteRequest": "email:string name:string",
	"ProjectResponse": "dataRef:string id:int64 message:string model:ModelResponse modelId:int64 modelName:string name:string " +
		"organization:OrganizationResponse pipelines:[PipelineResponse] settings:ProjectSettings uid:string verified:boolean wrapperRef:string",
	"ModelResponse": "dataRef:string datasetId:int64 description:string environment:string frameworkType:string id:int64 name:string " +
		"organization:OrganizationResponse projectSource:int64 tasks:[string] transforms:[Transform] verified:boolean wrapperRef:string",
	"DataSet": "datasetLength:int64 description:string enabled:boolean error:string format:string id:int64 name:string params: " +
		"predefined:boolean settings:DatasetSettings tasks:[string] transforms:[Transform] valid:boolean",
	"AssetsResponse": "adversarialAttacks:string datasetFormats:string defenses:string domainAdaptations:string " +
		"metaAttacks:string metrics:string noises:string",
	"TransformDefinition": "apply_mapping:object codebase_name:string converted_target_format:string description:string enabled:boolean " +
		"id:int64 name:string params:[object] target_format:[string] tasks:[string]",
	"MetricDefinition": "codebase_name:string description:string enabled:boolean metric_type:string name:string params:[] tasks:[string] uid:string",
	"HPODefinition":    "description:string enabled:boolean id:int32 name:string params:[object]",
	"AuthorizedUserResponse": "autoEnrol:boolean email:string jwt:string name:string registered:boolean roles:string " +
		"settings:UserSettings uid:string",
}

func TestDocumentHasVendorStatuses(t *testing.T) {
	t.Parallel()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			for status := range strings.FieldsSeq(statuses[method]) {
				if operation.Responses.Value(status) == nil {
					t.Errorf("%s has no status %s", operation.OperationID, status)
				}
			}
			if operation.RequestBody != nil && !operation.RequestBody.Value.Required {
				t.Errorf("the body of %s is optional", operation.OperationID)
			}
		}
	}
}

func TestDocumentHasVendorModels(t *testing.T) {
	t.Parallel()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	for model, want := range models {
		schema := document.Components.Schemas[model].Value
		var fields []string
		for name, field := range schema.Properties {
			fields = append(fields, name+":"+typeName(field))
			if field.Value.Nullable || field.Value.Min != nil {
				t.Errorf("%s.%s may be null or has a lower bound", model, name)
			}
		}
		slices.Sort(fields)
		if diff := cmp.Diff(strings.Fields(want), fields); diff != "" {
			t.Errorf("the fields of %s in openapi.yaml aren't those in models, the list in this test: %s", model, diff)
		}
		if len(schema.Required) > 0 && model != "InviteRequest" {
			t.Errorf("%s requires %v", model, schema.Required)
		}
	}
}

func typeName(field *openapi3.SchemaRef) string {
	switch {
	case field.Ref != "":
		return path.Base(field.Ref)
	case field.Value.Type.Is("array"):
		return "[" + typeName(field.Value.Items) + "]"
	case field.Value.Format != "":
		return field.Value.Format
	default:
		return strings.Join(field.Value.Type.Slice(), "|")
	}
}

// Each call is logged under its operation id.
func TestServerHasAllOperations(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.token = ""
	for _, line := range contract {
		fields := strings.Fields(line)
		b.send(fields[1], strings.NewReplacer("{id}", "1", "{orgId}", "1").Replace(fields[2]), nil)
		if b.Count(fields[0]) != 1 {
			t.Errorf("%s was not served as that", line)
		}
		b.Inject(sandbox.Fault{Operation: fields[0], Kind: sandbox.FaultEmpty})
	}
}
