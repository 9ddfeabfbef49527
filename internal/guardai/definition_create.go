package guardai

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// definitionName is what two creates have in common if their results could be mistaken for each other.
type definitionName struct {
	kind           DefinitionKind
	organizationID int64
	name           string
}

// CreatedDefinition is a new definition.
type CreatedDefinition struct {
	*Definition
	// RecoveredFrom is the error of the create if its response was lost and a lookup found the definition; otherwise nil.
	RecoveredFrom error
}

// CreateDefinition creates a definition that has only a name. If the response is lost, the definition is looked up. The
// error is an *UnknownOutcomeError if that doesn't identify it.
func (c *Client) CreateDefinition(ctx context.Context, kind DefinitionKind, organizationID int64, name string) (*CreatedDefinition, error) {
	req := &rest.Request{
		Method: http.MethodPost, Path: kind.listPath(), Grace: responseGrace,
		Query: url.Values{"id": {strconv.FormatInt(organizationID, 10)}, "name": {name}},
	}
	scope := definitionName{kind: kind, organizationID: organizationID}
	if err := c.recordInitialDefinitions(ctx, scope); err != nil {
		return nil, c.wrapCanceled(ctx, req, err)
	}
	results := map[DefinitionKey]*Definition{}
	record := func(d *Definition) DefinitionKey {
		key := DefinitionKey{kind, organizationID, d.ID}
		results[key] = d
		return key
	}
	key, recoveredFrom, err := c.definitions.run(ctx, definitionName{kind, organizationID, norm.NFC.String(name)},
		func(ctx context.Context) (DefinitionKey, error) {
			defer c.definitionLists.invalidate()
			d, err := fetch(ctx, c, req, func(r *rest.Response) (*Definition, error) {
				d, err := kind.decode(r)
				if err == nil && c.isExistingDefinition(scope, d.ID) {
					err = &InvalidResponseError{Problem: "it describes a " + string(kind) + " that existed before"}
				}
				return d, err
			})
			if err != nil {
				return DefinitionKey{}, err
			}
			return record(d), nil
		},
		func(ctx context.Context) (matches []DefinitionKey, certain bool, err error) {
			c.definitionLists.invalidate()
			available, err := c.availableDefinitions(ctx, kind, organizationID)
			certain = true
			for _, d := range available {
				if c.isExistingDefinition(scope, d.ID) || !similarName(d.Name, name) {
					continue
				}
				matches = append(matches, record(&d))
				certain = certain && SameName(d.Name, name)
			}
			_, known := c.initialDefinitions.get(scope)
			return matches, certain && known, err
		})
	if err != nil {
		return nil, c.wrapCanceled(ctx, req, err)
	}
	return &CreatedDefinition{Definition: results[key], RecoveredFrom: recoveredFrom}, nil
}

// isExistingDefinition reports whether a definition existed before this run's creates, or is the result of one of them.
func (c *Client) isExistingDefinition(scope definitionName, id string) bool {
	initial, _ := c.initialDefinitions.get(scope)
	return slices.Contains(initial, id) || c.definitions.hasCreated(DefinitionKey{scope.kind, scope.organizationID, id})
}

// recordInitialDefinitions records which definitions exist before this run's first create. If they can't be read, only
// the lookup after a lost response suffers, so the error is non-nil only after cancellation.
func (c *Client) recordInitialDefinitions(ctx context.Context, scope definitionName) error {
	if _, known := c.initialDefinitions.get(scope); known {
		return nil
	}
	available, err := c.availableDefinitions(ctx, scope.kind, scope.organizationID)
	switch {
	case err == nil:
		var ids []string
		for _, d := range available {
			ids = append(ids, d.ID)
		}
		c.initialDefinitions.record(scope, ids)
	case isCanceled(ctx, err):
		return err
	}
	return nil
}
