package catalog

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

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
	return &dataSource{
		name: "projects", action: "list the projects", fetch: listOf("projects", listProjects, newProjectModel),
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

func listProjects(ctx context.Context, client *guardai.Client, organizationID int64) ([]guardai.Project, error) {
	projects, err := client.ListProjects(ctx, organizationID)
	// A platform may ignore the filter.
	return slices.DeleteFunc(projects, func(p guardai.Project) bool {
		return p.Organization != nil && p.Organization.ID != nil && *p.Organization.ID != organizationID
	}), err
}

func newProjectModel(project guardai.Project) (projectModel, error) {
	return projectModel{
		ID:        component.OptionalID(project.ID),
		UID:       types.StringPointerValue(project.UID),
		Name:      types.StringPointerValue(project.Name),
		Verified:  types.BoolPointerValue(project.Verified),
		Message:   types.StringPointerValue(project.Message),
		ModelID:   component.OptionalID(project.ModelID),
		ModelName: types.StringPointerValue(project.ModelName),
		DatasetID: component.OptionalID(project.Settings.DatasetID),
		Tasks:     project.Settings.Tasks,
	}, nil
}
