package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

type fakeServer struct {
	tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
}

func (s fakeServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schemas, nil
}

func (s fakeServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return s.identities, nil
}

func newFakeServer() fakeServer {
	empty := &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}
	thing := &tfprotov6.Schema{Version: 3, Block: &tfprotov6.SchemaBlock{
		Description: "A *thing*.", DescriptionKind: tfprotov6.StringKindMarkdown, Deprecated: true,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "tags", Type: tftypes.Map{ElementType: tftypes.Set{ElementType: tftypes.Number}}, Optional: true, Computed: true, Description: "Tags."},
			{Name: "key", Type: tftypes.String, Required: true, Sensitive: true, WriteOnly: true, Deprecated: true},
			{Name: "parts", Computed: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeList,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "on", Type: tftypes.Bool, Computed: true}},
			}},
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{
			TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeSet, MinItems: 1, MaxItems: 2, Block: &tfprotov6.SchemaBlock{},
		}},
	}}
	return fakeServer{
		schemas: &tfprotov6.GetProviderSchemaResponse{
			Provider:                 empty,
			ResourceSchemas:          map[string]*tfprotov6.Schema{"guardai_thing": thing},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"guardai_data": empty},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"guardai_short": empty},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"guardai_thing": empty},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"guardai_act": {Schema: empty}},
		},
		identities: &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{
			"guardai_thing": {Version: 2, IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
				{Name: "id", Type: tftypes.Number, RequiredForImport: true, Description: "Id."},
				{Name: "region", Type: tftypes.String, OptionalForImport: true},
			}},
		}},
	}
}

// want is the output of "terraform providers schema -json" for newFakeServer.
const want = `{"format_version":"1.0","provider_schemas":{"guardai":{
  "provider":{"version":0,"block":{"description_kind":"plain"}},
  "resource_schemas":{"guardai_thing":{"version":3,"block":{
    "attributes":{
      "key":{"type":"string","description_kind":"plain","deprecated":true,"required":true,"sensitive":true,"write_only":true},
      "parts":{"nested_type":{"attributes":{"on":{"type":"bool","description_kind":"plain","computed":true}},"nesting_mode":"list"},"description_kind":"plain","computed":true},
      "tags":{"type":["map",["set","number"]],"description":"Tags.","description_kind":"plain","optional":true,"computed":true}},
    "block_types":{"timeouts":{"nesting_mode":"set","block":{"description_kind":"plain"},"min_items":1,"max_items":2}},
    "description":"A *thing*.","description_kind":"markdown","deprecated":true}}},
  "data_source_schemas":{"guardai_data":{"version":0,"block":{"description_kind":"plain"}}},
  "ephemeral_resource_schemas":{"guardai_short":{"version":0,"block":{"description_kind":"plain"}}},
  "action_schemas":{"guardai_act":{"block":{"description_kind":"plain"}}},
  "resource_identity_schemas":{"guardai_thing":{"version":2,"attributes":{
    "id":{"type":"number","description":"Id.","required_for_import":true},
    "region":{"type":"string","optional_for_import":true}}}},
  "list_resource_schemas":{"guardai_thing":{"version":0,"block":{"description_kind":"plain"}}}}}}`

func TestProviderSchemas(t *testing.T) {
	schemas, err := providerSchemas(t.Context(), newFakeServer())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	if plain := strings.Join(strings.Fields(want), ""); strings.Join(strings.Fields(string(got)), "") != plain {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestProviderSchemasReportsErrors(t *testing.T) {
	broken := newFakeServer()
	broken.identities.Diagnostics = []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Fine"},
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Bad schema", Detail: "it is bad"},
	}
	if _, err := providerSchemas(t.Context(), broken); err == nil || err.Error() != "Bad schema: it is bad" {
		t.Errorf("with an error: %v", err)
	}
	unknown := newFakeServer()
	unknown.schemas.Functions = map[string]*tfprotov6.Function{"f": {}}
	if _, err := providerSchemas(t.Context(), unknown); err == nil || !strings.Contains(err.Error(), "functions") {
		t.Errorf("with a function: %v", err)
	}
}

func TestProviderSchemasOfTheProvider(t *testing.T) {
	schemas, err := providerSchemas(t.Context(), providerserver.NewProtocol6(provider.New("test")())())
	if err != nil {
		t.Fatal(err)
	}
	got := schemas.Schemas[name]
	if len(got.ResourceSchemas) == 0 || len(got.DataSourceSchemas) == 0 || len(got.ConfigSchema.Block.Attributes) == 0 {
		t.Errorf("the provider offers %d resources and %d data sources", len(got.ResourceSchemas), len(got.DataSourceSchemas))
	}
}

func TestCheckOut(t *testing.T) {
	dir := t.TempDir()
	if err := checkOutputFolder(filepath.Join(dir, "missing")); err != nil {
		t.Errorf("a folder that isn't there: %v", err)
	}
	if err := checkOutputFolder(dir); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkOutputFolder(dir); err == nil {
		t.Error("a folder that holds something else may be replaced")
	}
	if err := os.WriteFile(filepath.Join(dir, "index.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkOutputFolder(dir); err != nil {
		t.Errorf("a folder with documentation: %v", err)
	}
}
