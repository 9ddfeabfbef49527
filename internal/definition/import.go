package definition

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ImportState imports by organization and id or name, or by identity. It sets only the key and, if the import id has one,
// the source. The read that follows fills in the rest.
func (r *definitionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, source, err := component.ParseFileImport(req.ID)
	if err != nil {
		r.addInvalidImport(&resp.Diagnostics, err.Error())
		return
	}
	if id == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		if problems := req.Identity.Get(ctx, &identity); problems.HasError() {
			r.addInvalidImport(&resp.Diagnostics, problems[0].Detail())
			return
		}
		id = identity.OrganizationID.ValueString() + "/" + identity.ID.ValueString()
	}
	key := r.importedKey(ctx, id, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model := r.kind.newModel()
	model.common().setKey(key)
	model.common().Source = component.StringOrNull(source)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.common().identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (r *definitionResource) addInvalidImport(diags *diag.Diagnostics, problem string) {
	diags.AddError("Invalid import id", fmt.Sprintf(
		"%s. The import ID of a %[2]s is ORGANIZATION_ID/ID, or ORGANIZATION_ID/NAME if only one %[2]s has that name. If the configuration sets source, append ?source=PATH to either.", problem, r.kind.name))
}

// importedKey returns the key of the definition with an import id.
func (r *definitionResource) importedKey(ctx context.Context, id string, diags *diag.Diagnostics) guardai.DefinitionKey {
	key := guardai.DefinitionKey{Kind: r.kind.name}
	organization, idOrName, _ := strings.Cut(id, "/")
	organizationID, err := component.ParseID(organization)
	switch {
	case err != nil:
		r.addInvalidImport(diags, err.Error())
		return key
	case idOrName == "":
		r.addInvalidImport(diags, fmt.Sprintf("%q names no %s", id, r.kind.name))
		return key
	}
	client, ok := r.ReadyClient(diags)
	if !ok {
		return key
	}
	key.OrganizationID, key.ID = organizationID, idOrName
	definitions, err := client.ListDefinitions(ctx, key.Kind, organizationID)
	_, notNumber := component.ParseID(idOrName)
	switch mayBeID := notNumber == nil || key.Kind == guardai.MetricKind; {
	case guardai.IsForbidden(err) && mayBeID:
		return key // The read that follows shows whether it exists.
	case err != nil:
		component.AddError(diags, fmt.Sprintf("Unable to import %s %q", key.Kind, id), err)
		return key
	}
	return r.find(ctx, client, key, definitions, diags)
}

// find returns the key of the definition whose id is that of key, or whose name is. A transform must be among the custom
// ones of its organization: after an import of another organization's or of the platform's own, a plan could destroy it.
func (r *definitionResource) find(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, definitions []guardai.Definition, diags *diag.Diagnostics) guardai.DefinitionKey {
	name := key.ID
	for _, d := range definitions {
		if d.ID == name {
			return key
		}
	}
	switch ids := named(definitions, key.Kind, key.OrganizationID, name); len(ids) {
	case 0:
		// The list of metrics has only those that the caller may see.
		if key.Kind == guardai.MetricKind {
			if _, err := client.GetDefinition(ctx, key); !guardai.IsNotFound(err) {
				return key
			}
		}
		diags.AddError(title(r.kind.name)+" not found", fmt.Sprintf("None of the %d custom %ss that the provider's user may see in organization %d has the name or ID %q.", len(definitions), key.Kind, key.OrganizationID, name))
	case 1:
		_, key.ID, _ = strings.Cut(ids[0], "/")
	default:
		diags.AddAttributeError(path.Empty(), title(r.kind.name)+" name not unique", fmt.Sprintf(
			"%d %ss are named %q. Use the import id of one of them instead: %s.", len(ids), key.Kind, name, component.JoinLimited(ids, ", ")))
	}
	return key
}
