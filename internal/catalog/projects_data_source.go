package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type projectsModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	Projects       []projectModel    `tfsdk:"projects"`
}

type projectModel struct {
	ID        component.IDValue `tfsdk:"id"`
	UID       types.String      `tfsdk:"uid"`
	Name      types.String      `tfsdk:"name"`
	Verified  types.Bool        `tfsdk:"verified"`
	Message   types.String      `tfsdk:"message"`
	ModelID   component.IDValue `tfsdk:"model_id"`
	ModelName types.String      `tfsdk:"model_name"`
	DatasetID component.IDValue `tfsdk:"dataset_id"`
	Tasks     []*string         `tfsdk:"tasks"`
}

// NewProjectsDataSource returns the data source guardai_projects.
func NewProjectsDataSource() datasource.DataSource {
	return &dataSource[projectsModel]{
		name: "projects", action: "list the projects", fetch: fetchProjects,
		description: "Lists the projects of an organization.",
		attributes: map[string]schema.Attribute{
			"projects": listAttribute("The projects", map[string]schema.Attribute{
				"id":         idAttribute("ID of the project."),
				"uid":        textAttribute("Unique identifier of the project."),
				"name":       textAttribute("Name of the project."),
				"verified":   flagAttribute("Whether the platform has verified the project."),
				"message":    textAttribute("Message of the verification."),
				"model_id":   idAttribute("ID of the project's model."),
				"model_name": textAttribute("Name of the project's model."),
				"dataset_id": idAttribute("ID of the project's dataset."),
				"tasks":      textsAttribute("Tasks of the project"),
			}),
		},
	}
}

func fetchProjects(ctx context.Context, client *guardai.Client, organizationID int64) (projectsModel, error) {
	projects, err := client.ListProjects(ctx, organizationID)
	if err != nil {
		return projectsModel{}, err
	}
	model := projectsModel{OrganizationID: component.ID(organizationID), Projects: []projectModel{}}
	for _, project := range projects {
		// A platform may ignore the filter.
		if of := project.Organization; of != nil && of.ID != nil && *of.ID != organizationID {
			continue
		}
		model.Projects = append(model.Projects, projectModel{
			ID:        component.OptionalID(project.ID),
			UID:       types.StringPointerValue(project.UID),
			Name:      types.StringPointerValue(project.Name),
			Verified:  types.BoolPointerValue(project.Verified),
			Message:   types.StringPointerValue(project.Message),
			ModelID:   component.OptionalID(project.ModelID),
			ModelName: types.StringPointerValue(project.ModelName),
			DatasetID: component.OptionalID(project.Settings.DatasetID),
			Tasks:     project.Settings.Tasks,
		})
	}
	return model, nil
}
