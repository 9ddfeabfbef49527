package guardai

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Project is the part of the API's ProjectResponse that data sources expose. Fields that the platform omits are nil.
type Project struct {
	ID           *int64           `json:"id"`
	UID          *string          `json:"uid"`
	Name         *string          `json:"name"`
	Verified     *bool            `json:"verified"`
	Message      *string          `json:"message"`
	ModelID      *int64           `json:"modelId"`
	ModelName    *string          `json:"modelName"`
	Organization *OrganizationRef `json:"organization"`
	Settings     struct {
		DatasetID *int64    `json:"datasetId"`
		Tasks     []*string `json:"tasks"`
	} `json:"settings"`
}

// ListProjects returns the projects of an organization by ascending id, those without an id last.
func (c *Client) ListProjects(ctx context.Context, organizationID int64) ([]Project, error) {
	req := &rest.Request{
		Method: http.MethodGet, Path: "/api/v1/projects", Query: url.Values{"organizationId": {strconv.FormatInt(organizationID, 10)}},
	}
	return fetchList(ctx, c, req, func(p Project) *int64 { return p.ID })
}
