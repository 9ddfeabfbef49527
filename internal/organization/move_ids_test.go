package organization

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The path may have any form that a generic provider's configuration allows. An object that isn't an organization is
// rejected.
func TestMovedIDs(t *testing.T) {
	t.Parallel()
	movers := map[string]func(genericState) (int64, bool){"restapi_object": restapiID, "restful_resource": restfulID}
	for typeName, states := range map[string]map[genericState]bool{
		"restapi_object": {
			{"42", "/api/v1/organizations"}: true, {"42", "organizations/"}: true, {"42", "/api/v1/organizations?limit=5"}: true,
			{"42", "/api/v1/projects"}: false, {"maps", "/api/v1/organizations"}: false, {"042", "organizations"}: false, {"", ""}: false,
		},
		"restful_resource": {
			{"/api/v1/organizations/42", "/api/v1/organizations"}: true, {"organizations/42", "organizations"}: true,
			{"/api/v1/projects/42", "/api/v1/projects"}: false, {"/api/v1/organizations", "/api/v1/organizations"}: false,
			{"/api/v1/organizations/42/members", "/api/v1/organizations/42/members"}: false, {"", ""}: false,
		},
	} {
		for state, valid := range states {
			if id, ok := movers[typeName](state); ok != valid || ok && id != 42 {
				t.Errorf("%s %+v: got %d, %t", typeName, state, id, ok)
			}
			if valid {
				continue
			}
			var resp resource.MoveStateResponse
			raw := &tfprotov6.RawState{JSON: fmt.Appendf(nil, `{"id":%q,"path":%q,"other":{}}`, state.ID, state.Path)}
			moveFrom(typeName, movers[typeName])(t.Context(), resource.MoveStateRequest{SourceTypeName: typeName, SourceRawState: raw}, &resp)
			if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Summary(), "Unable to move "+typeName) || !strings.Contains(resp.Diagnostics[0].Detail(), fmt.Sprintf("%q", state.Path)) {
				t.Errorf("%s %+v: got %v", typeName, state, resp.Diagnostics)
			}
		}
	}
}
