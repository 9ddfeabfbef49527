package organizationfile

import (
	"context"
	"fmt"
	"net/url"
	"strings"

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
		err = invalidImport(fmt.Sprintf("%q", req.ID), err.Error())
	}
	var key guardai.FileKey
	if err == nil {
		key, err = r.importedKey(ctx, id, req.Identity)
	}
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to import file %q", req.ID), err)
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

func (r *fileResource) importedKey(ctx context.Context, id string, given *tfsdk.ResourceIdentity) (guardai.FileKey, error) {
	if id == "" && given != nil && !given.Raw.IsNull() {
		var identity identityModel
		if diags := given.Get(ctx, &identity); diags.HasError() {
			return guardai.FileKey{}, invalidImport("The identity", diags[0].Detail())
		}
		parts := []string{identity.OrganizationID.ValueString(), url.PathEscape(identity.Type.ValueString()), url.PathEscape(identity.Ref.ValueString())}
		key, err := component.ParseFileID(strings.Join(parts, "/"))
		if err != nil {
			return key, invalidImport("The identity", err.Error())
		}
		return key, nil
	}
	if organization, name, ok := strings.Cut(id, "/"); ok && !strings.Contains(name, "/") {
		return r.keyByName(ctx, id, organization, name)
	}
	key, err := component.ParseFileID(id)
	if err != nil {
		return key, invalidImport(fmt.Sprintf("%q", id), err.Error())
	}
	return key, nil
}

// keyByName returns the key of the only file with a name in an organization. The name may be percent-encoded, and must
// be if it contains a slash.
func (r *fileResource) keyByName(ctx context.Context, id, organization, name string) (guardai.FileKey, error) {
	organizationID, err := component.ParseID(organization)
	if err != nil {
		return guardai.FileKey{}, invalidImport(fmt.Sprintf("%q", id), err.Error())
	}
	if name == "" {
		return guardai.FileKey{}, invalidImport(fmt.Sprintf("%q", id), "it ends after the slash")
	}
	client, err := r.Client()
	if err != nil {
		return guardai.FileKey{}, err
	}
	org, err := client.GetOrganization(ctx, organizationID)
	if err != nil {
		return guardai.FileKey{}, err
	}
	names := []string{name}
	if plain, err := url.PathUnescape(name); err == nil && plain != name {
		names = append(names, plain)
	}
	return findByName(org, path.Empty(), names...)
}

// findByName returns the key of the only file with one of the names in an organization. If there is none or more than
// one, the error is an *ArgumentError on the argument at.
func findByName(org *guardai.Organization, at path.Path, names ...string) (guardai.FileKey, error) {
	var found []guardai.FileKey
	for _, file := range org.Settings.ClassMappingFiles {
		for _, name := range names {
			if file.Ref != "" && guardai.SameName(file.FileName, name) {
				found = append(found, guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref})
			}
		}
	}
	switch len(found) {
	case 0:
		return guardai.FileKey{}, &component.ArgumentError{At: at, Summary: "File not found", Detail: fmt.Sprintf(
			"None of the %d files that organization %d lists is named %q.", len(org.Settings.ClassMappingFiles), org.ID, names[0])}
	case 1:
		return found[0], nil
	}
	ids := make([]string, 0, len(found))
	for _, key := range found {
		ids = append(ids, component.FormatFileID(key))
	}
	return guardai.FileKey{}, &component.ArgumentError{At: at, Summary: "File name not unique", Detail: fmt.Sprintf(
		"%d files of organization %d are named %q. Use the import id of one of them instead: %s.", len(found), org.ID, names[0], component.JoinLimited(ids, ", "))}
}

func invalidImport(what, problem string) error {
	return &component.RefusedError{Summary: "Invalid import id", Detail: fmt.Sprintf(
		"%s can't be used: %s. The import ID of a file is ORGANIZATION_ID/TYPE/REF, each part percent-encoded, such as 42/classmapping/5f1c, "+
			"or ORGANIZATION_ID/NAME if the organization lists exactly one file with that name, such as 42/road-users.csv. "+
			"If the configuration sets source, append ?source=PATH to either.", what, problem)}
}
