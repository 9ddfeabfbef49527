package organizationfile

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ImportState imports by id or by identity.
// The read that follows fills in the rest.
func (r *fileResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key := importKey(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model := imported(key)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// imported is a file of which nothing is known but its key.
func imported(key guardai.FileKey) resourceModel {
	model := resourceModel{
		OrganizationID: types.Int64Value(key.OrganizationID),
		Type:           types.StringValue(key.Type),
		VerifyContent:  types.BoolValue(true),
		ForceDestroy:   types.BoolValue(false),
	}
	model.hasRef(key.Ref)
	return model
}

func importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) guardai.FileKey {
	key, err := parseID(req.ID)
	given := fmt.Sprintf("%q", req.ID)
	if req.ID == "" && req.Identity != nil {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		key = guardai.FileKey{OrganizationID: identity.OrganizationID.ValueInt64(), Type: identity.Type.ValueString(), Ref: identity.Ref.ValueString()}
		err, given = checkKey(key), "The identity"
	}
	if err != nil {
		diags.AddError("Invalid import id", fmt.Sprintf(
			"A file is imported by ORGANIZATION_ID/TYPE/REF, each part path-escaped, such as 42/classmapping/5f1c, or by an identity of the same three. %s can't be used: %s.", given, err))
	}
	return key
}

// parseID is the reverse of formatID.
func parseID(id string) (guardai.FileKey, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return guardai.FileKey{}, fmt.Errorf("it has %d parts, not 3; a / within a part must be written as %%2F", len(parts))
	}
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return guardai.FileKey{}, fmt.Errorf("part %d is not path-escaped; a %% must be written as %%25", i+1)
		}
		parts[i] = plain
	}
	organizationID, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return guardai.FileKey{}, errors.New("its first part is not the id of an organization")
	}
	key := guardai.FileKey{OrganizationID: organizationID, Type: parts[1], Ref: parts[2]}
	return key, checkKey(key)
}

func checkKey(key guardai.FileKey) error {
	switch {
	case key.OrganizationID <= 0:
		return errors.New("the id of an organization is a whole number from 1 to 9223372036854775807")
	case strings.TrimSpace(key.Type) == "":
		return errors.New("the type is empty")
	case key.Ref == "":
		return errors.New("the ref is empty")
	}
	return nil
}
