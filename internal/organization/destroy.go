package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// stored lists, in words, what would be lost with an organization. It asks the
// platform to count anew first, and takes its last count where that is forbidden.
func stored(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	// Whether the organization is gone is for the read to say.
	if err := client.RefreshStats(ctx, id); err != nil && !guardai.IsForbidden(err) && !guardai.IsNotFound(err) {
		return nil, err
	}
	org, err := client.ReadOrganization(ctx, id)
	if err != nil {
		return nil, err
	}
	return whatIsIn(org), nil
}

func whatIsIn(org *guardai.Organization) []string {
	var found []string
	if size := org.Stats.DatasetStorage; size != nil && *size > 0 {
		found = append(found, fmt.Sprintf("stored datasets (datasetStorage: %d)", *size))
	}
	if size := org.Stats.ProjectStorage; size != nil && *size > 0 {
		found = append(found, fmt.Sprintf("stored projects (projectStorage: %d)", *size))
	}
	for _, file := range org.Settings.ClassMappingFiles {
		found = append(found, fmt.Sprintf("class mapping file %q (ref %s)", file.FileName, file.Ref))
	}
	return found
}

// refusal explains why an organization was not destroyed.
func refusal(name string, found []string) string {
	return fmt.Sprintf("The organization %q still holds:\n\n  - %s\n\nDestroying it would lose that for good. Remove it from the platform first, "+
		"or set force_destroy = true, apply that, and destroy again.", name, strings.Join(found, "\n  - "))
}
