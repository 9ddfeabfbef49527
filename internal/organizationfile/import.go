package organizationfile

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ImportState imports by id, by organization and name, or by identity. It sets only the key and, if the import id has
// one, the source. The read that follows fills in the rest.
func (r *fileResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, source, err := component.ParseFileImport(req.ID)
	if err != nil {
		addInvalidImport(&resp.Diagnostics, fmt.Sprintf("%q", req.ID), err.Error())
		return
	}
	key := r.importedKey(ctx, id, req.Identity, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model := imported(key)
	model.Source = component.StringOrNull(source)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// imported returns a model of which only the key is known.
func imported(key guardai.FileKey) resourceModel {
	model := resourceModel{VerifyContent: types.BoolValue(true), ForceDestroy: types.BoolValue(false)}
	model.setKey(key)
	return model
}

func (r *fileResource) importedKey(ctx context.Context, id string, given *tfsdk.ResourceIdentity, diags *diag.Diagnostics) guardai.FileKey {
	if id == "" && given != nil && !given.Raw.IsNull() {
		var identity identityModel
		if problems := given.Get(ctx, &identity); problems.HasError() {
			addInvalidImport(diags, "The identity", problems[0].Detail())
			return guardai.FileKey{}
		}
		parts := []string{identity.OrganizationID.ValueString(), url.PathEscape(identity.Type.ValueString()), url.PathEscape(identity.Ref.ValueString())}
		key, err := component.ParseFileID(strings.Join(parts, "/"))
		if err != nil {
			addInvalidImport(diags, "The identity", err.Error())
		}
		return key
	}
	if organization, name, ok := strings.Cut(id, "/"); ok && !strings.Contains(name, "/") {
		return r.keyByName(ctx, id, organization, name, diags)
	}
	key, err := component.ParseFileID(id)
	if err != nil {
		addInvalidImport(diags, fmt.Sprintf("%q", id), err.Error())
	}
	return key
}

// keyByName returns the key of the only file with a name in an organization. The name may be percent-encoded, and must
// be if it contains a slash.
func (r *fileResource) keyByName(ctx context.Context, id, organization, name string, diags *diag.Diagnostics) guardai.FileKey {
	organizationID, err := component.ParseID(organization)
	if err == nil && name == "" {
		err = errors.New("it ends after the slash")
	}
	if err != nil {
		addInvalidImport(diags, fmt.Sprintf("%q", id), err.Error())
		return guardai.FileKey{}
	}
	client, ok := r.ReadyClient(diags)
	if !ok {
		return guardai.FileKey{}
	}
	org, err := client.GetOrganization(ctx, organizationID)
	if err != nil {
		component.AddError(diags, fmt.Sprintf("Unable to import file %q", id), err)
		return guardai.FileKey{}
	}
	names := []string{name}
	if plain, err := url.PathUnescape(name); err == nil && plain != name {
		names = append(names, plain)
	}
	return findByName(org, path.Empty(), diags, names...)
}

// findByName returns the key of the only file with one of the names in an organization. If there is none or more than
// one, it adds an error on the argument at.
func findByName(org *guardai.Organization, at path.Path, diags *diag.Diagnostics, names ...string) guardai.FileKey {
	var keys []guardai.FileKey
	for _, file := range org.Settings.ClassMappingFiles {
		for _, name := range names {
			if file.Ref != "" && guardai.SameName(file.FileName, name) {
				keys = append(keys, guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref})
			}
		}
	}
	switch len(keys) {
	case 0:
		diags.AddAttributeError(at, "File not found", fmt.Sprintf(
			"None of the %d files that organization %d lists is named %q.", len(org.Settings.ClassMappingFiles), org.ID, names[0]))
		return guardai.FileKey{}
	case 1:
		return keys[0]
	}
	ids := make([]string, 0, len(keys))
	for _, key := range keys {
		ids = append(ids, component.FormatFileID(key))
	}
	diags.AddAttributeError(at, "File name not unique", fmt.Sprintf(
		"%d files of organization %d are named %q. Use the import id of one of them instead: %s.", len(keys), org.ID, names[0], component.JoinLimited(ids, ", ")))
	return guardai.FileKey{}
}

func addInvalidImport(diags *diag.Diagnostics, id, problem string) {
	diags.AddError("Invalid import id", fmt.Sprintf(
		"%s can't be used: %s. The import ID of a file is ORGANIZATION_ID/TYPE/REF, each part percent-encoded, such as 42/classmapping/5f1c, "+
			"or ORGANIZATION_ID/NAME if the organization lists exactly one file with that name, such as 42/road-users.csv. "+
			"If the configuration sets source, append ?source=PATH to either.", id, problem))
}
