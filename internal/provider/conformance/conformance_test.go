// Package conformance checks that everything that belongs to a component exists, as listed in CONTRIBUTING.md. It finds
// new components on its own.
package conformance

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// repository is the root of the repository, relative to this package.
const repository = "../../.."

func TestComponentsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range check(t.Context(), os.DirFS(repository), newProvider(t)) {
		t.Error(problem)
	}
}

// newProvider returns the provider.
func newProvider(t *testing.T) fullProvider {
	t.Helper()
	p, ok := provider.New("test")().(fullProvider)
	if !ok {
		t.Fatal("the provider lacks a kind of component")
	}
	return p
}

// check returns the problems of the provider and its components.
func check(ctx context.Context, root fs.FS, p fullProvider) []string {
	server := providerserver.NewProtocol6(p)()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return []string{err.Error()}
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return []string{err.Error()}
	}
	// The framework has validated the schemas at this point.
	problems := texts(append(schemas.Diagnostics, identities.Diagnostics...))
	problems = append(problems, checkSchema("provider", schemas.Provider)...)
	if len(schemas.Functions)+len(schemas.StateStoreSchemas) > 0 {
		problems = append(problems, "provider: it offers a kind of component that nothing here checks")
	}
	all := components(ctx, p)
	for _, c := range all {
		problems = append(problems, checkSchema(c.String(), schemaOf(c, schemas))...)
		problems = append(problems, checkFiles(root, c)...)
		if r, ok := c.implementation.(resource.Resource); ok && c.block == resourceKind.block {
			problems = append(problems, checkIdentity(c.String(), identities.IdentitySchemas[c.name])...)
			problems = append(problems, checkResource(ctx, c.String(), r)...)
		}
	}
	return append(problems, leftovers(root, all)...)
}

func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var all []string
	for _, d := range diagnostics {
		all = append(all, fmt.Sprintf("schema: %s: %s", d.Summary, d.Detail))
	}
	return all
}
