package organization

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes an organization. Unless force_destroy was applied, it refuses if the organization holds anything, and
// if it can't find out.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	id, err := component.ParseIDArgument(path.Root("id"), state.ID)
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		if err := refuseUnlessEmpty(ctx, client, id); err != nil {
			return err
		}
	}
	return client.DeleteOrganization(ctx, id)
}

const forceDestroy = "set force_destroy = true, apply, and destroy again"

// refuseUnlessEmpty returns a *RefusedError if an organization holds anything or can't be checked. If the organization is
// gone, the error is IsNotFound; an error of a check never is.
func refuseUnlessEmpty(ctx context.Context, client *guardai.Client, id int64) error {
	// If the organization is gone, the read reports it.
	statsErr := client.RefreshStats(ctx, id)
	org, err := client.ReadOrganization(ctx, id)
	switch {
	case guardai.IsNotFound(err):
		return err
	case err != nil:
		return unableToCheck(id, "what the organization holds", err)
	case statsErr != nil && !guardai.IsForbidden(statsErr):
		return unableToCheck(id, "its stored data", statsErr)
	}
	found, err := ownContents(org)
	if err != nil {
		return unableToCheck(id, "its stored data", err)
	}
	var unchecked []string
	for _, check := range []struct {
		subject string
		list    func(context.Context, *guardai.Client, int64) ([]string, error)
	}{{"members", otherMembers}, {"projects", projects}, {"models", models}, {"datasets", datasets}} {
		listed, err := check.list(ctx, client, id)
		switch {
		case guardai.IsForbidden(err):
			unchecked = append(unchecked, check.subject)
		case err != nil:
			return unableToCheck(id, "its "+check.subject, err)
		}
		found = append(found, listed...)
	}
	if len(found) == 0 {
		return nil
	}
	return notEmpty(org, found, unchecked)
}

func unableToCheck(id int64, subject string, err error) error {
	detail := fmt.Sprintf("The provider deletes an organization only if it is empty, but it couldn't check %s: %s.", subject, strings.TrimRight(err.Error(), "."))
	if remedy := component.Remedy(err); remedy != "" {
		detail += "\n\n" + remedy
	}
	return &component.RefusedError{
		Summary: fmt.Sprintf("Unable to check whether organization %d is empty", id),
		Detail:  detail + "\n\nNothing was deleted. To delete the organization without a check, " + forceDestroy + ".",
	}
}

func notEmpty(org *guardai.Organization, found, unchecked []string) error {
	detail := fmt.Sprintf("The organization %q still contains:\n\n  - %s\n\nDestroying it would delete that permanently. Remove it from the platform first, or %s.",
		org.Name, component.JoinLimited(found, "\n  - "), forceDestroy)
	if len(unchecked) > 0 {
		detail += " The provider's user isn't allowed to list the organization's " + strings.Join(unchecked, ", ") + ", so there may be more."
	}
	return &component.RefusedError{Summary: fmt.Sprintf("Organization %d is not empty", org.ID), Detail: detail}
}

// ownContents describes what the organization itself reports: stored data and files.
func ownContents(org *guardai.Organization) ([]string, error) {
	var found []string
	for _, figure := range []struct {
		field, subject string
		value          *int64
	}{{"datasetStorage", "stored datasets", org.Stats.DatasetStorage}, {"projectStorage", "stored projects", org.Stats.ProjectStorage}} {
		switch {
		case figure.value == nil:
			return nil, fmt.Errorf("the platform reports no %s", figure.field)
		case *figure.value != 0:
			found = append(found, fmt.Sprintf("%s (%s: %d)", figure.subject, figure.field, *figure.value))
		}
	}
	for _, file := range org.Settings.ClassMappingFiles {
		found = append(found, fmt.Sprintf("class mapping file %q (ref %s)", file.FileName, file.Ref))
	}
	return found, nil
}

// otherMembers lists the members other than the user that the provider acts as, whom the platform may add by itself.
func otherMembers(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	members, err := required(client.ListMembers(ctx, id, false))
	if err != nil || len(members) == 0 {
		return nil, err
	}
	self, err := client.CurrentUser(ctx)
	if err != nil && !guardai.IsForbidden(err) {
		return nil, err
	}
	var found []string
	for _, member := range members {
		if self == nil || member.ID == nil || *member.ID != *self.ID {
			found = append(found, describe("member", member.ID, member.Email, member.Name))
		}
	}
	return found, nil
}

func projects(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	all, err := required(client.ListProjects(ctx, id))
	var found []string
	for _, project := range all {
		// A platform may ignore the filter.
		if of := project.Organization; of == nil || of.ID == nil || *of.ID == id {
			found = append(found, describe("project", project.ID, project.Name))
		}
	}
	return found, err
}

func models(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	all, err := required(client.ListModels(ctx))
	var found []string
	for _, model := range all {
		described := describe("model", model.ID, model.Name)
		switch of := model.Organization; {
		case of == nil || of.ID == nil:
			return nil, fmt.Errorf("the platform doesn't report the organization of the %s", described)
		case *of.ID == id:
			found = append(found, described)
		}
	}
	return found, err
}

func datasets(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	all, err := required(client.ListDatasets(ctx, id))
	var found []string
	for _, dataset := range all {
		if dataset.Predefined == nil || !*dataset.Predefined {
			found = append(found, describe("dataset", dataset.ID, dataset.Name))
		}
	}
	return found, err
}

// required rejects null in place of a list.
func required[T any](list []T, err error) ([]T, error) {
	if err == nil && list == nil {
		err = errors.New("the platform reports null in place of a list")
	}
	return list, err
}

// describe names an object by the first name that the platform reports, and by its id.
func describe(kind string, id *int64, names ...*string) string {
	for _, name := range names {
		if name != nil && *name != "" {
			kind += fmt.Sprintf(" %q", *name)
			break
		}
	}
	if id == nil {
		return kind
	}
	return fmt.Sprintf("%s (id %d)", kind, *id)
}
