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
