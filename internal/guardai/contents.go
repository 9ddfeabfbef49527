package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Reference names a transform, by id, or a metric, by uid, in an object that uses it.
type Reference struct {
	ID   *int64  `json:"id"`
	UID  *string `json:"uid"`
	Name *string `json:"name"`
}

// references are the references of an object to definitions.
type references struct{ lenient[[]Reference] }

// Uses reports whether there is a reference to a definition. One without an id may mean every definition of its name.
func (r references) Uses(key DefinitionKey, name string) (bool, error) {
	if r.malformed != "" {
		return false, fmt.Errorf("the platform reports its %ss in another form than documented: %s", key.Kind, r.malformed)
	}
	for _, reference := range r.value {
		id := text(reference.UID)
		if key.Kind == TransformKind {
			id = text(formatOptional(reference.ID))
		}
		if id == key.ID || id == "" && SameName(text(reference.Name), name) {
			return true, nil
		}
	}
	return false, nil
}

func formatOptional(id *int64) *string {
	if id == nil {
		return nil
	}
	return new(strconv.FormatInt(*id, 10))
}

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

		Transforms   references `json:"transforms"`
		HeadSettings lenient[[]struct {
			Metrics references `json:"metrics"`
		}] `json:"headSettings"`
	} `json:"settings"`
}

// Uses reports whether the project uses a definition with a name.
func (p *Project) Uses(key DefinitionKey, name string) (bool, error) {
	if key.Kind == TransformKind {
		return p.Settings.Transforms.Uses(key, name)
	}
	if heads := p.Settings.HeadSettings; heads.malformed != "" {
		return false, fmt.Errorf("the platform reports its headSettings in another form than documented: %s", heads.malformed)
	}
	for _, head := range p.Settings.HeadSettings.value {
		if uses, err := head.Metrics.Uses(key, name); uses || err != nil {
			return uses, err
		}
	}
	return false, nil
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
	Transforms    references       `json:"transforms"`
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

	Transforms references `json:"transforms"`
}

// ListDatasets returns the datasets that an organization may use, the platform's predefined ones included, by ascending
// id, those without an id last.
func (c *Client) ListDatasets(ctx context.Context, organizationID int64) ([]Dataset, error) {
	req := &rest.Request{
		Method: http.MethodGet, Path: "/api/v1/datasets/{orgId}", PathValues: map[string]string{"orgId": strconv.FormatInt(organizationID, 10)},
	}
	return fetchList(ctx, c, req, func(d Dataset) *int64 { return d.ID })
}

// ProjectsIn is ListProjects for a caller that must know all projects: null in place of a list is an error, and projects
// of another organization, from a platform that ignores the filter, are left out.
func (c *Client) ProjectsIn(ctx context.Context, organizationID int64) ([]Project, error) {
	projects, err := required(c.ListProjects(ctx, organizationID))
	return slices.DeleteFunc(projects, func(p Project) bool {
		return p.Organization != nil && p.Organization.ID != nil && *p.Organization.ID != organizationID
	}), err
}

// ModelsIn returns the models of an organization. A model whose organization isn't known is an error.
func (c *Client) ModelsIn(ctx context.Context, organizationID int64) ([]Model, error) {
	models, err := required(c.ListModels(ctx))
	for _, m := range models {
		if m.Organization == nil || m.Organization.ID == nil {
			return nil, fmt.Errorf("the platform doesn't report the organization of the model %q (id %s)", text(m.Name), text(formatOptional(m.ID)))
		}
	}
	return slices.DeleteFunc(models, func(m Model) bool { return *m.Organization.ID != organizationID }), err
}

// DatasetsIn returns the datasets of an organization that aren't predefined.
func (c *Client) DatasetsIn(ctx context.Context, organizationID int64) ([]Dataset, error) {
	datasets, err := required(c.ListDatasets(ctx, organizationID))
	return slices.DeleteFunc(datasets, func(d Dataset) bool { return d.Predefined != nil && *d.Predefined }), err
}

// required rejects null in place of a list.
func required[T any](list []T, err error) ([]T, error) {
	if err == nil && list == nil {
		err = errors.New("the platform reports null in place of a list")
	}
	return list, err
}
