package organization

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes an organization. Unless force is set, it refuses if the organization holds anything, and if it can't
// find out. An organization that is gone already is not an error.
func destroy(ctx context.Context, client *guardai.Client, id int64, force bool, diags *diag.Diagnostics) {
	if !force && !isEmpty(ctx, client, id, diags) {
		return
	}
	if err := client.DeleteOrganization(ctx, id); err != nil && !guardai.IsNotFound(err) {
		component.AddError(diags, "Unable to delete organization "+component.FormatID(id), err)
	}
}

const forceDestroy = "set force_destroy = true, apply, and destroy again"

// isEmpty reports whether an organization exists and is empty. If it holds anything or can't be checked, isEmpty adds an
// error to diags.
func isEmpty(ctx context.Context, client *guardai.Client, id int64, diags *diag.Diagnostics) bool {
	// If the organization is gone, the read reports it.
	statsErr := client.RefreshStats(ctx, id)
	org, err := client.ReadOrganization(ctx, id)
	switch {
	case guardai.IsNotFound(err):
		return false
	case err != nil:
		return addUnchecked(diags, id, "what the organization holds", err)
	case statsErr != nil && !guardai.IsForbidden(statsErr):
		return addUnchecked(diags, id, "its stored data", statsErr)
	}
	contents, err := ownContents(org)
	if err != nil {
		return addUnchecked(diags, id, "its stored data", err)
	}
	var unchecked []string
	for _, check := range []struct {
		subject string
		list    func(context.Context, *guardai.Client, int64) ([]string, error)
	}{{"members", otherMembers}, {"projects", projects}, {"models", models}, {"datasets", datasets}, {"transforms", transforms}} {
		listed, err := check.list(ctx, client, id)
		switch {
		case guardai.IsForbidden(err):
			unchecked = append(unchecked, check.subject)
		case err != nil:
			return addUnchecked(diags, id, "its "+check.subject, err)
		}
		contents = append(contents, listed...)
	}
	if len(contents) > 0 {
		addNotEmpty(diags, org, contents, unchecked)
	}
	return len(contents) == 0
}

// addUnchecked reports that a check failed. It returns false.
func addUnchecked(diags *diag.Diagnostics, id int64, subject string, err error) bool {
	diags.AddError(fmt.Sprintf("Unable to check whether organization %d is empty", id), fmt.Sprintf(
		"The provider deletes an organization only if it is empty, but it couldn't check %s: %s\n\nNothing was deleted. To delete the organization without a check, %s.",
		subject, component.Detail(err), forceDestroy))
	return false
}

func addNotEmpty(diags *diag.Diagnostics, org *guardai.Organization, contents, unchecked []string) {
	detail := fmt.Sprintf("The organization %q still contains:\n\n  - %s\n\nDestroying it would delete that permanently. Remove it from the platform first, or %s.",
		org.Name, component.JoinLimited(contents, "\n  - "), forceDestroy)
	if len(unchecked) > 0 {
		detail += " The provider's user isn't allowed to list the organization's " + strings.Join(unchecked, ", ") + ", so there may be more."
	}
	diags.AddError(fmt.Sprintf("Organization %d is not empty", org.ID), detail)
}

// ownContents describes what the organization itself reports: stored data and files.
func ownContents(org *guardai.Organization) ([]string, error) {
	var contents []string
	for _, figure := range []struct {
		field, subject string
		value          *int64
	}{{"datasetStorage", "stored datasets", org.Stats.DatasetStorage}, {"projectStorage", "stored projects", org.Stats.ProjectStorage}} {
		switch {
		case figure.value == nil:
			return nil, fmt.Errorf("the platform reports no %s", figure.field)
		case *figure.value != 0:
			contents = append(contents, fmt.Sprintf("%s (%s: %d)", figure.subject, figure.field, *figure.value))
		}
	}
	for _, file := range org.Settings.ClassMappingFiles {
		contents = append(contents, fmt.Sprintf("class mapping file %q (ref %s)", file.FileName, file.Ref))
	}
	return contents, nil
}

// otherMembers lists the members other than the user that the provider acts as, whom the platform may add by itself.
func otherMembers(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	members, err := client.ListMembers(ctx, id, false)
	if err == nil && members == nil {
		err = errors.New("the platform reports null in place of a list")
	}
	if err != nil {
		return nil, err
	}
	var others []string
	for _, member := range members {
		self := false
		if member.ID != nil {
			if self, err = client.IsCurrentUser(ctx, *member.ID); err != nil && !guardai.IsForbidden(err) {
				return nil, err
			}
		}
		if !self {
			others = append(others, component.Describe("member", member.ID, member.Email, member.Name))
		}
	}
	return others, nil
}

func projects(ctx context.Context, client *guardai.Client, id int64) (described []string, err error) {
	all, err := client.ProjectsIn(ctx, id)
	for _, project := range all {
		described = append(described, component.Describe("project", project.ID, project.Name))
	}
	return described, err
}

func models(ctx context.Context, client *guardai.Client, id int64) (described []string, err error) {
	all, err := client.ModelsIn(ctx, id)
	for _, model := range all {
		described = append(described, component.Describe("model", model.ID, model.Name))
	}
	return described, err
}

func datasets(ctx context.Context, client *guardai.Client, id int64) (described []string, err error) {
	all, err := client.DatasetsIn(ctx, id)
	for _, dataset := range all {
		described = append(described, component.Describe("dataset", dataset.ID, dataset.Name))
	}
	return described, err
}

// transforms lists the custom transforms. Nothing tells which metrics belong to the organization.
func transforms(ctx context.Context, client *guardai.Client, id int64) (described []string, err error) {
	all, err := client.ListDefinitions(ctx, guardai.TransformKind, id)
	if guardai.IsNotFound(err) {
		return nil, nil // A platform without these calls has no custom transforms.
	}
	for _, transform := range all {
		described = append(described, fmt.Sprintf("transform %q (id %s)", transform.Name, transform.ID))
	}
	return described, err
}
