package guardai

import (
	"context"
	"net/http"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Model is the part of the API's ModelResponse that data sources expose. Fields that the platform omits are nil.
type Model struct {
	ID            *int64           `json:"id"`
	Name          *string          `json:"name"`
	Description   *string          `json:"description"`
	FrameworkType *string          `json:"frameworkType"`
	Environment   *string          `json:"environment"`
	DatasetID     *int64           `json:"datasetId"`
	Tasks         []*string        `json:"tasks"`
	Verified      *bool            `json:"verified"`
	Organization  *OrganizationRef `json:"organization"`
}

// ListModels returns the models of all organizations that the caller may see, because the API has no filter, by
// ascending id, those without an id last.
func (c *Client) ListModels(ctx context.Context) ([]Model, error) {
	return fetchList(ctx, c, &rest.Request{Method: http.MethodGet, Path: "/api/v1/models"},
		func(m Model) *int64 { return m.ID })
}
