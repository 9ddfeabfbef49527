package organization

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func filterByName(organizations []*guardai.Organization, name string) []*guardai.Organization {
	var found []*guardai.Organization
	for _, org := range organizations {
		if guardai.SameName(org.Name, name) {
			found = append(found, org)
		}
	}
	return found
}

// findByName returns the only organization with a name. If there is none or more than one, the error is an
// *ArgumentError on the argument at.
func findByName(ctx context.Context, client *guardai.Client, at path.Path, name string) (*guardai.Organization, error) {
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		return nil, err
	}
	found := filterByName(organizations, name)
	switch len(found) {
	case 0:
		return nil, &component.ArgumentError{At: at, Summary: "Organization not found", Detail: fmt.Sprintf(
			"None of the %d organizations is named %q. Use the full name, which is case-sensitive.", len(organizations), name)}
	case 1:
		return found[0], nil
	}
	ids := make([]string, 0, len(found))
	for _, org := range found {
		ids = append(ids, component.FormatID(org.ID))
	}
	return nil, &component.ArgumentError{At: at, Summary: "Organization name not unique", Detail: fmt.Sprintf(
		"%d organizations are named %q. Use the id of one of them instead: %s.", len(found), name, component.JoinLimited(ids, ", "))}
}

// listMatching returns the organizations whose name matches a regular expression, by ascending id; all of them if it is
// null.
func listMatching(ctx context.Context, client *guardai.Client, nameRegex types.String) ([]*guardai.Organization, error) {
	matcher, err := regexp.Compile(nameRegex.ValueString())
	if err != nil {
		return nil, &component.ArgumentError{At: path.Root("name_regex"), Summary: "Invalid regular expression", Detail: err.Error()}
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		return nil, err
	}
	var found []*guardai.Organization
	for _, org := range organizations {
		if guardai.MatchesName(matcher, org.Name) {
			found = append(found, org)
		}
	}
	return found, nil
}

// displayName identifies an organization in messages. It includes the id because names need not be unique.
func displayName(org *guardai.Organization) string {
	return fmt.Sprintf("%s (%d)", org.Name, org.ID)
}
