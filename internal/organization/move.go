package organization

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// MoveState accepts organizations from generic REST providers in moved blocks.
func (r *organizationResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{
		{StateMover: moveFrom("restapi_object", restapiID)},
		{StateMover: moveFrom("restful_resource", restfulID)},
	}
}

// genericState is the part of a generic provider's state that identifies the object.
type genericState struct {
	// ID is the object's id in Mastercard/restapi, and its path in magodo/restful.
	ID   string `json:"id"`
	Path string `json:"path"`
}

// restapiID returns an organization's id from the state of a restapi_object, which stores the collection's path and the
// id separately.
func restapiID(state genericState) (int64, bool) {
	if lastSegment(state.Path) != "organizations" {
		return 0, false
	}
	id, err := component.ParseID(state.ID)
	return id, err == nil
}

// restfulID returns an organization's id from the state of a restful_resource, whose id is the object's path.
func restfulID(state genericState) (int64, bool) {
	collection, last := cutLast(strings.TrimRight(withoutQuery(state.ID), "/"))
	if lastSegment(collection) != "organizations" {
		return 0, false
	}
	id, err := component.ParseID(last)
	return id, err == nil
}

// moveFrom returns a state mover from a resource type of another provider. It moves only the id; the refresh that
// follows fills in the rest.
func moveFrom(typeName string, idOf func(genericState) (int64, bool)) func(context.Context, resource.MoveStateRequest, *resource.MoveStateResponse) {
	return func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if req.SourceTypeName != typeName || req.SourceRawState == nil {
			return
		}
		var state genericState
		err := json.Unmarshal(req.SourceRawState.JSON, &state)
		id, ok := idOf(state)
		if err != nil || !ok {
			resp.Diagnostics.AddError("Unable to move "+typeName+" to guardai_organization", fmt.Sprintf(
				"Its id is %q and its path is %q, so it isn't an organization: the path must end in /organizations and the id must be a whole number. "+
					"Remove the moved block, and keep the object with its provider.", state.ID, state.Path))
			return
		}
		moved := emptyModel()
		moved.ID = component.ID(id)
		resp.Diagnostics.Append(resp.TargetState.Set(ctx, moved)...)
		resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, identityModel{ID: moved.ID})...)
	}
}

func withoutQuery(address string) string {
	if parsed, err := url.Parse(address); err == nil {
		return parsed.Path
	}
	return address
}

// cutLast splits off the last segment of a path.
func cutLast(path string) (before, last string) {
	i := strings.LastIndex(path, "/")
	return path[:max(i, 0)], path[i+1:]
}

func lastSegment(path string) string {
	_, last := cutLast(strings.TrimRight(withoutQuery(path), "/"))
	return last
}
