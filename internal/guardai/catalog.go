package guardai

import (
	"context"
	"encoding/json"
	"net/http"
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
// its names are snake_case. Free-form values are kept as they came.
type TransformDefinition struct {
	ID                    *int64          `json:"id"`
	Name                  *string         `json:"name"`
	Description           *string         `json:"description"`
	Enabled               *bool           `json:"enabled"`
	CodebaseName          *string         `json:"codebase_name"`
	ConvertedTargetFormat *string         `json:"converted_target_format"`
	TargetFormat          []string        `json:"target_format"`
	Tasks                 []string        `json:"tasks"`
	Params                json.RawMessage `json:"params"`
	ApplyMapping          json.RawMessage `json:"apply_mapping"`
}

// HPODefinition is the contract's model of a method for the optimization of
// hyper-parameters. Free-form values are kept as they came.
type HPODefinition struct {
	ID          *int64          `json:"id"`
	Name        *string         `json:"name"`
	Description *string         `json:"description"`
	Enabled     *bool           `json:"enabled"`
	Params      json.RawMessage `json:"params"`
}

// GetAssets returns the assets that are defined for an organization.
func (c *Client) GetAssets(ctx context.Context, organizationID int64) (*Assets, error) {
	assets := &Assets{}
	err := c.do(ctx, catalogCall(organizationID, "/assets", assets))
	return assets, err
}

// ListTransforms returns the transforms that are defined for an organization.
func (c *Client) ListTransforms(ctx context.Context, organizationID int64) ([]TransformDefinition, error) {
	var transforms []TransformDefinition
	err := c.do(ctx, catalogCall(organizationID, "/transforms", &transforms))
	return transforms, err
}

// ListHPODefinitions returns the methods for the optimization of
// hyper-parameters that are defined for an organization.
func (c *Client) ListHPODefinitions(ctx context.Context, organizationID int64) ([]HPODefinition, error) {
	var definitions []HPODefinition
	err := c.do(ctx, catalogCall(organizationID, "/hpo", &definitions))
	return definitions, err
}

func catalogCall[T any](organizationID int64, path string, target *T) *call {
	return &call{
		method: http.MethodGet, template: organizationPath + path, organizationID: organizationID,
		read: func(r reply) error {
			*target = *new(T)
			return readJSON(r, target)
		},
	}
}
