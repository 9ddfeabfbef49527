package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
)

// incomplete is the type name of components for which everything else is missing.
const incomplete = "guardai_incomplete"

func TestIncompleteComponents(t *testing.T) {
	t.Parallel()
	problems := check(t.Context(), fstest.MapFS{}, withIncomplete{newProvider(t)})
	for _, want := range []string{
		"resource guardai_incomplete: attribute switch: its description is not a sentence",
		"resource guardai_incomplete: there is no identity",
		"data guardai_incomplete: its description is not a sentence",
		"data guardai_incomplete: attribute token: it is named like a secret and is not sensitive",
		"ephemeral guardai_incomplete: its description is not a sentence",
		"list guardai_incomplete: its description is not a sentence",
		"action guardai_incomplete: its description is not a sentence",
		"resource guardai_incomplete: examples/resources/guardai_incomplete/resource.tf",
		"resource guardai_incomplete: examples/resources/guardai_incomplete/import.sh",
		"data guardai_incomplete: examples/data-sources/guardai_incomplete/data-source.tf",
		"ephemeral guardai_incomplete: examples/ephemeral-resources/guardai_incomplete/ephemeral-resource.tf",
		"list guardai_incomplete: examples/list-resources/guardai_incomplete/list-resource.tfquery.hcl",
		"action guardai_incomplete: examples/actions/guardai_incomplete/action.tf",
		"action guardai_incomplete: docs/actions/incomplete.md",
		"list guardai_incomplete: CHANGELOG.md",
		"ephemeral guardai_incomplete: README.md",
		"data guardai_incomplete: no test file in internal/provider/conformance configures it",
	} {
		if !slices.ContainsFunc(problems, func(problem string) bool { return strings.HasPrefix(problem, want) }) {
			t.Errorf("this isn't found: %s\nin:\n%s", want, strings.Join(problems, "\n"))
		}
	}
}

// The framework's validation errors are reported.
func TestInvalidSchemas(t *testing.T) {
	t.Parallel()
	problems := check(t.Context(), fstest.MapFS{}, withInvalid{newProvider(t)})
	if !slices.ContainsFunc(problems, func(problem string) bool {
		return strings.HasPrefix(problem, "schema: ") && strings.Contains(problem, "switch")
	}) {
		t.Errorf("the mistake isn't in:\n%s", strings.Join(problems, "\n"))
	}
}

// withIncomplete adds an incomplete component of each kind to a provider.
type withIncomplete struct{ fullProvider }

func (p withIncomplete) Resources(ctx context.Context) []func() resource.Resource {
	return append(p.fullProvider.Resources(ctx), func() resource.Resource { return &incompleteResource{} })
}

func (p withIncomplete) DataSources(ctx context.Context) []func() datasource.DataSource {
	return append(p.fullProvider.DataSources(ctx), func() datasource.DataSource { return &incompleteDataSource{} })
}

func (p withIncomplete) EphemeralResources(ctx context.Context) []func() ephemeral.EphemeralResource {
	return append(p.fullProvider.EphemeralResources(ctx), func() ephemeral.EphemeralResource { return &incompleteEphemeral{} })
}

func (p withIncomplete) ListResources(ctx context.Context) []func() list.ListResource {
	return append(p.fullProvider.ListResources(ctx), func() list.ListResource { return &incompleteList{} })
}

func (p withIncomplete) Actions(ctx context.Context) []func() action.Action {
	return append(p.fullProvider.Actions(ctx), func() action.Action { return &incompleteAction{} })
}

// withInvalid adds a resource with an invalid schema to a provider.
type withInvalid struct{ fullProvider }

func (p withInvalid) Resources(ctx context.Context) []func() resource.Resource {
	return append(p.fullProvider.Resources(ctx), func() resource.Resource {
		return &incompleteResource{attribute: schema.BoolAttribute{Optional: true, Default: booldefault.StaticBool(true)}}
	})
}

type incompleteResource struct {
	resource.Resource

	attribute schema.BoolAttribute
}

func (*incompleteResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = incomplete
}

func (r *incompleteResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attribute := r.attribute
	attribute.Optional = true
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"switch": attribute}}
}

type incompleteDataSource struct{ datasource.DataSource }

func (*incompleteDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = incomplete
}

func (*incompleteDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{Attributes: map[string]datasourceschema.Attribute{
		"token": datasourceschema.StringAttribute{Computed: true, MarkdownDescription: "A token."},
	}}
}

type incompleteEphemeral struct{ ephemeral.EphemeralResource }

func (*incompleteEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = incomplete
}

func (*incompleteEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralschema.Schema{}
}

type incompleteList struct{ list.ListResource }

func (*incompleteList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = incomplete
}

func (*incompleteList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{}
}

type incompleteAction struct{ action.Action }

func (*incompleteAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = incomplete
}

func (*incompleteAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{}
}
