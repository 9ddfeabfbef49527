package guardai

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
)

// Assets is the contract's AssetsResponse. What the platform left out is nil.
type Assets struct {
	AdversarialAttacks *string `json:"adversarialAttacks"`
	DatasetFormats     *string `json:"datasetFormats"`
	Defenses           *string `json:"defenses"`
	DomainAdaptations  *string `json:"domainAdaptations"`
	MetaAttacks        *string `json:"metaAttacks"`
	Metrics            *string `json:"metrics"`
	Noises             *string `json:"noises"`
}

// TransformDefinition is the contract's model of that name; on the wire, too,
// its names are snake_case. Free-form values are kept as they came, so that their
// numbers lose no digit; what the platform left out is nil, or null if it said so.
type TransformDefinition struct {
	ID                    *int64          `json:"id"`
	Name                  *string         `json:"name"`
	Description           *string         `json:"description"`
	Enabled               *bool           `json:"enabled"`
	CodebaseName          *string         `json:"codebase_name"`
	ConvertedTargetFormat *string         `json:"converted_target_format"`
	TargetFormat          []*string       `json:"target_format"`
	Tasks                 []*string       `json:"tasks"`
	Params                json.RawMessage `json:"params"`
	ApplyMapping          json.RawMessage `json:"apply_mapping"`
}

// HPODefinition is the contract's model of a method for the optimization of
// hyper-parameters. Its free-form values are kept like a TransformDefinition's.
type HPODefinition struct {
	ID          *int64          `json:"id"`
	Name        *string         `json:"name"`
	Description *string         `json:"description"`
	Enabled     *bool           `json:"enabled"`
	Params      json.RawMessage `json:"params"`
}

// GetAssets returns the assets that are defined for an organization.
func (c *Client) GetAssets(ctx context.Context, organizationID int64) (*Assets, error) {
	var assets *Assets
	err := c.do(ctx, &call{
		method: http.MethodGet, template: organizationPath + "/assets", organizationID: organizationID,
		read: func(r reply) error {
			assets = nil
			if err := readJSON(r, &assets); err != nil {
				return err
			}
			if assets == nil {
				return &unusable{problem: "it is null"}
			}
			return nil
		},
	})
	return assets, err
}

// ListTransforms returns the transforms that are defined for an organization, by
// ascending id.
func (c *Client) ListTransforms(ctx context.Context, organizationID int64) ([]TransformDefinition, error) {
	return listDefinitions(ctx, c, organizationID, "/transforms", func(t TransformDefinition) *int64 { return t.ID })
}

// ListHPODefinitions returns the methods for the optimization of
// hyper-parameters that are defined for an organization, by ascending id.
func (c *Client) ListHPODefinitions(ctx context.Context, organizationID int64) ([]HPODefinition, error) {
	return listDefinitions(ctx, c, organizationID, "/hpo", func(d HPODefinition) *int64 { return d.ID })
}

// listDefinitions sorts what it lists, those without an id last: the platform
// promises no order.
func listDefinitions[T any](ctx context.Context, c *Client, organizationID int64, path string, id func(T) *int64) ([]T, error) {
	var definitions []T
	err := c.do(ctx, &call{
		method: http.MethodGet, template: organizationPath + path, organizationID: organizationID,
		read: func(r reply) error {
			definitions = []T{}
			return readList(r, func(definition T) { definitions = append(definitions, definition) })
		},
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(definitions, func(a, b T) int { return compareIDs(id(a), id(b)) })
	return definitions, nil
}
