package export

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// selection selects the organizations to export.
type selection struct {
	// IDs are read one by one. If there are none, all organizations are selected.
	IDs       []int64        `json:"organization_ids,omitempty"`
	NameRegex *regexp.Regexp `json:"name_regex,omitempty"`
	// recorded is set if the selection is that of an earlier export, whose organizations may have been deleted since.
	recorded bool
}

// isEmpty reports whether no flag selects organizations, so that an update uses the recorded selection.
func (s selection) isEmpty() bool { return len(s.IDs) == 0 && s.NameRegex == nil }

// found is the result of a selection.
type found struct {
	// selected is sorted by id.
	selected []*guardai.Organization
	// existing contains the ids of all organizations on the platform; nil if they weren't listed.
	existing map[int64]bool
	// missing contains the selected ids that don't exist.
	missing []string
}

func (s selection) find(ctx context.Context, client *guardai.Client) (found, error) {
	var result found
	organizations, missing, err := s.read(ctx, client)
	if err != nil {
		return result, err
	}
	if len(missing) > 0 && !s.recorded {
		return result, fmt.Errorf("these organizations don't exist: %s; check -organization", strings.Join(missing, ", "))
	}
	result.missing = missing
	if len(s.IDs) == 0 {
		result.existing = map[int64]bool{}
	}
	for _, org := range organizations {
		if result.existing != nil {
			result.existing[org.ID] = true
		}
		if s.NameRegex == nil || guardai.MatchesName(s.NameRegex, org.Name) {
			result.selected = append(result.selected, org)
		}
	}
	return result, nil
}

// read returns the organizations that exist, and the selected ids that don't.
func (s selection) read(ctx context.Context, client *guardai.Client) (organizations []*guardai.Organization, missing []string, err error) {
	if len(s.IDs) == 0 {
		organizations, err = client.ListOrganizations(ctx)
		if guardai.IsForbidden(err) {
			err = fmt.Errorf("without administrator rights, name the organizations that you can read, such as -organization 42 -organization 43: %w", err)
		}
		return organizations, nil, err
	}
	for _, id := range s.IDs {
		org, err := client.GetOrganization(ctx, id)
		switch {
		case guardai.IsNotFound(err):
			missing = append(missing, component.FormatID(id))
		case err != nil:
			return nil, nil, fmt.Errorf("organization %d: %w", id, err)
		default:
			organizations = append(organizations, org)
		}
	}
	return organizations, missing, nil
}
