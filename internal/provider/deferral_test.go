package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Only experimental builds of Terraform allow deferral, so this test speaks the protocol.
func TestUnknownConfigurationDefers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		allowed bool
		host    any
		want    *tfprotov6.Deferred
		errors  int
	}{
		"allowed":     {allowed: true, host: tftypes.UnknownValue, want: &tfprotov6.Deferred{Reason: tfprotov6.DeferredReasonProviderConfigUnknown}},
		"not allowed": {host: tftypes.UnknownValue, errors: 1},
		// The organization's id is invalid, which is an error before any request.
		"known": {allowed: true, host: "http://127.0.0.1:1", errors: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := NewServer("test")()
			schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				t.Fatal(err)
			}
			configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
				Config:             object(t, schemas.Provider, map[string]any{"host": test.host, "token": "x"}),
				ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: test.allowed},
			})
			if err != nil || len(configured.Diagnostics) > 0 {
				t.Fatalf("configure: %v, %+v", err, configured)
			}
			const data = "guardai_organization"
			read, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
				TypeName:           data,
				Config:             object(t, schemas.DataSourceSchemas[data], map[string]any{"id": "x"}),
				ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: test.allowed},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := read.Deferred; (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if len(read.Diagnostics) != test.errors {
				t.Errorf("got %d errors, want %d: %+v", len(read.Diagnostics), test.errors, read.Diagnostics)
			}
		})
	}
}

// object returns a configuration with these attributes. The others are null.
func object(t *testing.T, schema *tfprotov6.Schema, attributes map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	objectType, _ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attributeType := range objectType.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, attributes[name])
	}
	value, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, values))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}
