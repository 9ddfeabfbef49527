package guardai

import (
	"context"
	"net/http"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Dataset is the part of the API's DataSet that data sources expose. Fields that the platform omits are nil.
type Dataset struct {
	ID            *int64    `json:"id"`
	Name          *string   `json:"name"`
	Description   *string   `json:"description"`
	Format        *string   `json:"format"`
	DatasetLength *int64    `json:"datasetLength"`
	Enabled       *bool     `json:"enabled"`
	Predefined    *bool     `json:"predefined"`
	Valid         *bool     `json:"valid"`
	Error         *string   `json:"error"`
	Tasks         []*string `json:"tasks"`
}

// ListDatasets returns the datasets that an organization may use, the platform's predefined ones included, by ascending
// id, those without an id last.
func (c *Client) ListDatasets(ctx context.Context, organizationID int64) ([]Dataset, error) {
	req := &rest.Request{
		Method: http.MethodGet, Path: "/api/v1/datasets/{orgId}", PathValues: map[string]string{"orgId": strconv.FormatInt(organizationID, 10)},
	}
	return fetchList(ctx, c, req, func(d Dataset) *int64 { return d.ID })
}
