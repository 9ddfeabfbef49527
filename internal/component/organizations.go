package component

import (
	"context"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// AllOrganizations returns every organization by ascending id. One that the
// platform lists only in part, without its name or settings, is read by itself.
// It is for administrators only.
func AllOrganizations(ctx context.Context, client *guardai.Client) ([]*guardai.Organization, error) {
	listed, err := client.ListOrganizations(ctx)
	if err != nil {
		return nil, err
	}
	organizations := make([]*guardai.Organization, 0, len(listed))
	for _, org := range listed {
		if org.Partial {
			org, err = client.GetOrganization(ctx, org.ID)
		}
		switch {
		case guardai.IsNotFound(err):
			// It has gone since it was listed.
			err = nil
		case err != nil:
			return nil, err
		default:
			organizations = append(organizations, org)
		}
	}
	return organizations, nil
}
