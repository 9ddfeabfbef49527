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

// unready is the name of components that were added without what belongs to them.
const unready = "guardai_unready"

func TestUnreadyComponentsAreFound(t *testing.T) {
	t.Parallel()
	problems := check(t.Context(), fstest.MapFS{}, withUnready{offered(t)})
	for _, want := range []string{
		"resource guardai_unready: attribute switch: its description is not a sentence",
		"resource guardai_unready: there is no identity",
		"data guardai_unready: its description is not a sentence",
		"data guardai_unready: attribute token: it is named like a secret and is not sensitive",
		"ephemeral guardai_unready: its description is not a sentence",
		"list guardai_unready: its description is not a sentence",
		"action guardai_unready: its description is not a sentence",
		"resource guardai_unready: examples/resources/guardai_unready/resource.tf",
		"resource guardai_unready: examples/resources/guardai_unready/import.sh",
		"data guardai_unready: examples/data-sources/guardai_unready/data-source.tf",
		"ephemeral guardai_unready: examples/ephemeral-resources/guardai_unready/ephemeral-resource.tf",
		"list guardai_unready: examples/list-resources/guardai_unready/list-resource.tfquery.hcl",
		"action guardai_unready: examples/actions/guardai_unready/action.tf",
		"action guardai_unready: docs/actions/unready.md",
		"list guardai_unready: CHANGELOG.md",
		"ephemeral guardai_unready: README.md",
		"data guardai_unready: no test file in internal/provider/conformance configures it",
	} {
		if !slices.ContainsFunc(problems, func(problem string) bool { return strings.HasPrefix(problem, want) }) {
			t.Errorf("this isn't found: %s\nin:\n%s", want, strings.Join(problems, "\n"))
		}
	}
}

// The framework looks for mistakes in a schema, and what it finds is shown.
func TestInvalidSchemasAreFound(t *testing.T) {
	t.Parallel()
	problems := check(t.Context(), fstest.MapFS{}, withInvalid{offered(t)})
	if !slices.ContainsFunc(problems, func(problem string) bool {
		return strings.HasPrefix(problem, "schema: ") && strings.Contains(problem, "switch")
	}) {
		t.Errorf("the mistake isn't in:\n%s", strings.Join(problems, "\n"))
	}
}

// withUnready adds an unready component of each kind to a provider.
type withUnready struct{ everything }

func (p withUnready) Resources(ctx context.Context) []func() resource.Resource {
	return append(p.everything.Resources(ctx), func() resource.Resource { return &unreadyResource{} })
}

func (p withUnready) DataSources(ctx context.Context) []func() datasource.DataSource {
	return append(p.everything.DataSources(ctx), func() datasource.DataSource { return &unreadyDataSource{} })
}

func (p withUnready) EphemeralResources(ctx context.Context) []func() ephemeral.EphemeralResource {
	return append(p.everything.EphemeralResources(ctx), func() ephemeral.EphemeralResource { return &unreadyEphemeral{} })
}

func (p withUnready) ListResources(ctx context.Context) []func() list.ListResource {
	return append(p.everything.ListResources(ctx), func() list.ListResource { return &unreadyList{} })
}

func (p withUnready) Actions(ctx context.Context) []func() action.Action {
	return append(p.everything.Actions(ctx), func() action.Action { return &unreadyAction{} })
}

// withInvalid adds a resource whose schema is a mistake.
type withInvalid struct{ everything }

func (p withInvalid) Resources(ctx context.Context) []func() resource.Resource {
	return append(p.everything.Resources(ctx), func() resource.Resource {
		return &unreadyResource{attribute: schema.BoolAttribute{Optional: true, Default: booldefault.StaticBool(true)}}
	})
}

type unreadyResource struct {
	resource.Resource

	attribute schema.BoolAttribute
}

func (*unreadyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = unready
}

func (r *unreadyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attribute := r.attribute
	attribute.Optional = true
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"switch": attribute}}
}

type unreadyDataSource struct{ datasource.DataSource }

func (*unreadyDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = unready
}

func (*unreadyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{Attributes: map[string]datasourceschema.Attribute{
		"token": datasourceschema.StringAttribute{Computed: true, MarkdownDescription: "A token."},
	}}
}

type unreadyEphemeral struct{ ephemeral.EphemeralResource }

func (*unreadyEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = unready
}

func (*unreadyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralschema.Schema{}
}

type unreadyList struct{ list.ListResource }

func (*unreadyList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = unready
}

func (*unreadyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{}
}

type unreadyAction struct{ action.Action }

func (*unreadyAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = unready
}

func (*unreadyAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{}
}
