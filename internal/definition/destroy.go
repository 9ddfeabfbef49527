package definition

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes a definition. Unless force_destroy was applied, it refuses if the definition is in use, or if it can't
// find out. One that is gone already is not an error.
func destroy(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, state *commonModel, checks []check, diags *diag.Diagnostics) {
	if !state.ForceDestroy.ValueBool() && !isUnused(ctx, client, key, checks, state.Name.ValueString(), diags) {
		return
	}
	if err := client.DeleteDefinition(ctx, key); err != nil && !guardai.IsNotFound(err) {
		component.AddError(diags, fmt.Sprintf("Unable to delete %s %s", key.Kind, key), err)
	}
}

const forceDestroy = "set force_destroy = true, apply, and destroy again"

// isUnused reports whether a definition exists and nothing uses it. Otherwise it adds an error, unless the definition is
// gone.
func isUnused(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, checks []check, name string, diags *diag.Diagnostics) bool {
	var users, unchecked []string
	for _, check := range checks {
		listed, err := check.list(ctx, client, key, name)
		switch {
		case guardai.IsForbidden(err):
			unchecked = append(unchecked, check.subject)
		case guardai.IsNotFound(err) && isGone(ctx, client, key):
			return false
		case err != nil:
			diags.AddError(fmt.Sprintf("Unable to check whether %s %s is in use", key.Kind, key), fmt.Sprintf(
				"The provider deletes a %[1]s only if nothing uses it, but it couldn't check the organization's %[2]s: %[3]s\n\nNothing was deleted. To delete the %[1]s without a check, %[4]s.",
				key.Kind, check.subject, component.Detail(err), forceDestroy))
			return false
		}
		users = append(users, listed...)
	}
	notListed := ""
	if len(unchecked) > 0 {
		notListed = fmt.Sprintf("The provider's user isn't allowed to list the organization's %s, so there may be more uses.", strings.Join(unchecked, ", "))
	}
	if len(users) > 0 {
		diags.AddError(fmt.Sprintf("%s %s is in use", title(key.Kind), key), fmt.Sprintf(
			"The %s %q is used by:\n\n  - %s\n\nRemove it from them first, or %s. %s", key.Kind, name, component.JoinLimited(users, "\n  - "), forceDestroy, notListed))
		return false
	}
	if notListed != "" {
		diags.AddWarning(fmt.Sprintf("Not all uses of %s %s were checked", key.Kind, key), notListed)
	}
	return true
}

// isGone reports whether a definition is known not to exist, for example because its organization is gone.
func isGone(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey) bool {
	_, err := client.GetDefinition(ctx, key)
	return guardai.IsNotFound(err)
}

// check finds uses of a definition in a list of its organization.
type check struct {
	subject string
	list    uses
}

// uses lists what uses a definition, in one of the lists of its organization.
type uses func(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, name string) ([]string, error)

func projects(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, name string) ([]string, error) {
	all, err := client.ProjectsIn(ctx, key.OrganizationID)
	return filter(all, err, func(p guardai.Project) (string, bool, error) {
		uses, err := p.Uses(key, name)
		return component.Describe("project", p.ID, p.Name), uses, err
	})
}

func models(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, name string) ([]string, error) {
	all, err := client.ModelsIn(ctx, key.OrganizationID)
	return filter(all, err, func(m guardai.Model) (string, bool, error) {
		uses, err := m.Transforms.Uses(key, name)
		return component.Describe("model", m.ID, m.Name), uses, err
	})
}

func datasets(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey, name string) ([]string, error) {
	all, err := client.DatasetsIn(ctx, key.OrganizationID)
	return filter(all, err, func(d guardai.Dataset) (string, bool, error) {
		uses, err := d.Transforms.Uses(key, name)
		return component.Describe("dataset", d.ID, d.Name), uses, err
	})
}

// filter describes the objects that use a definition.
func filter[T any](all []T, err error, check func(T) (description string, uses bool, err error)) (users []string, _ error) {
	for _, object := range all {
		description, uses, err := check(object)
		if err != nil {
			return nil, err
		}
		if uses {
			users = append(users, description)
		}
	}
	return users, err
}
