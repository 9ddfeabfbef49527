package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// howToInvite is what to do about a user who isn't on the platform.
const howToInvite = "A user must have signed up before you can refer to them. To invite one, use the action guardai_user_invite (Terraform 1.14 or newer) or GuardAI's web interface."

// findByID returns a user. If there is none, it adds an error on the attribute at and returns nil.
func findByID(ctx context.Context, client *guardai.Client, id int64, at path.Path, diags *diag.Diagnostics) *guardai.User {
	user, err := client.GetUser(ctx, id)
	switch {
	case guardai.IsNotFound(err):
		addNoUser(diags, at, fmt.Sprintf("The platform has no user with the id %d.", id))
	case err != nil:
		component.AddAttributeError(diags, at, fmt.Sprintf("Unable to read user %d", id), err)
	}
	return user
}

// checkExists adds an error on the attribute at if no user has an id. If the caller may not read users, nothing is known.
func checkExists(ctx context.Context, client *guardai.Client, id int64, at path.Path, diags *diag.Diagnostics) {
	known, err := client.FindUsers(ctx, func(u guardai.User) bool { return u.HasID(id) })
	if len(known) > 0 || guardai.IsForbidden(err) {
		return
	}
	findByID(ctx, client, id, at, diags)
}

// findByEmail returns the only user with an email address, regardless of case. If there is none or more than one, it adds
// an error on the attribute at and returns nil.
func findByEmail(ctx context.Context, client *guardai.Client, email string, at path.Path, diags *diag.Diagnostics) *guardai.User {
	matches, err := client.FindUsers(ctx, func(u guardai.User) bool { return u.ID != nil && u.HasEmail(email) })
	if err != nil {
		component.AddAttributeError(diags, at, fmt.Sprintf("Unable to look up the user %q", email), err)
		return nil
	}
	switch len(matches) {
	case 0:
		addNoUser(diags, at, fmt.Sprintf("The platform has no user with the email address %q.", email))
		return nil
	case 1:
		return &matches[0]
	}
	ids := make([]string, len(matches))
	for i := range matches {
		ids[i] = component.FormatID(*matches[i].ID)
	}
	diags.AddAttributeError(at, "Email address not unique", fmt.Sprintf(
		"%d users have the email address %q. Use the id of one of them instead: %s.", len(matches), email, component.JoinLimited(ids, ", ")))
	return nil
}

func addNoUser(diags *diag.Diagnostics, at path.Path, problem string) {
	diags.AddAttributeError(at, "No such user", problem+" "+howToInvite)
}
