// Package live_test runs the life of every resource against a real platform, and reports which assumptions about the
// platform hold. By itself, it only runs against sandboxes.
package live_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// prefix is how the names of all organizations begin that these tests create, and delete.
const prefix = "tfacc-"

// platform is where the tests run, as one user.
type platform struct {
	config guardai.Config
	// providerBlock configures the provider for the same user.
	providerBlock string
}

// client returns a new client, which has nothing in its cache.
func (p *platform) client(t *testing.T) *guardai.Client {
	t.Helper()
	client, err := guardai.New(p.config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// newName returns a name that no other object has.
func newName(purpose string) string { return prefix + purpose + "-" + strings.ToLower(rand.Text()[:8]) }

// run removes what an earlier run left, checks the assumptions and runs the lives, and removes what they created.
func (p *platform) run(t *testing.T) []finding {
	t.Helper()
	p.sweep(t)
	t.Cleanup(func() { p.sweep(t) })
	findings := p.checkAssumptions(t)
	for _, f := range findings {
		_, _ = fmt.Fprintln(t.Output(), f)
	}
	for resourceType, newLife := range lives {
		t.Run(resourceType, func(t *testing.T) { newLife(t, p).run(t, p, resourceType) })
	}
	return findings
}

// sweep deletes all organizations whose name begins with the prefix, including those that an earlier run left.
func (p *platform) sweep(t *testing.T) {
	t.Helper()
	// The test's own context is over during its cleanup.
	ctx := context.WithoutCancel(t.Context())
	client := p.client(t)
	names, err := visible(ctx, client)
	if err != nil {
		t.Fatalf("looking for organizations to delete: %s", err)
	}
	for id, name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if err := client.DeleteOrganization(ctx, id); err != nil && !guardai.IsNotFound(err) {
			t.Errorf("organization %d (%s) is left: %s", id, name, err)
		}
	}
}

// visible returns the names of all organizations by id, or if the user may not list them, of the user's own.
func visible(ctx context.Context, client *guardai.Client) (map[int64]string, error) {
	names := map[int64]string{}
	all, err := client.ListOrganizations(ctx)
	for _, org := range all {
		names[org.ID] = org.Name
	}
	if !guardai.IsForbidden(err) {
		return names, err
	}
	user, err := client.CurrentUser(ctx)
	if err != nil {
		return nil, err
	}
	for _, org := range user.Organizations {
		if org.ID != nil && org.Name != nil {
			names[*org.ID] = *org.Name
		}
	}
	return names, nil
}

// forbidden is the assumption that only an ordinary user can check.
const forbidden = "a 403 has the form of the platform's own errors"

// unusual are the verdicts for an unusual sandbox, where others than holds.
var unusual = map[string]string{
	forbidden:                                       notTried,
	"creating an organization responds 201":         fails,
	"settings that a create omits get defaults":     fails,
	"settings that an update omits get defaults":    fails,
	"uploading a file responds 201":                 fails,
	"an upload responds with a JSON string":         fails,
	"uploading to an existing ref keeps the ref":    fails,
	"uploading to an existing ref renames the file": fails,
	"deleting a file responds 204":                  fails,
	"deleting an organization responds 204":         fails,
	"creating a transform responds 201":             fails,
	"deleting a transform responds 204":             fails,
	"creating a metric responds 201":                fails,
	"deleting a metric responds 204":                fails,
}

func TestSandbox(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode func(*sandbox.Config)
		want map[string]string
	}{
		"usual":   {acceptance.Usual, map[string]string{forbidden: notTried}},
		"unusual": {acceptance.Unusual, unusual},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t, test.mode)
			s.AddOrganization(sandbox.Organization{Name: prefix + "left by an earlier run"})
			other := s.AddOrganization(sandbox.Organization{Name: "not " + prefix})
			p := &platform{
				config:        guardai.Config{Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey},
				providerBlock: s.Provider(),
			}
			t.Run("run", func(t *testing.T) { checkFindings(t, p.run(t), test.want) })
			if remaining := s.Organizations(); len(remaining) != 1 || remaining[0].ID != other.ID {
				t.Errorf("left on the platform: %+v", remaining)
			}
		})
	}
}

func TestSandboxAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t, acceptance.Usual)
	p := &platform{config: guardai.Config{Host: s.URL, APIKeyID: sandbox.UserKeyID, APIKey: sandbox.UserKey}}
	checkFindings(t, p.checkAssumptions(t), map[string]string{
		"the list of organizations shows a new one at once":            notTried,
		"the list has the name and the settings of every organization": notTried,
		"an organization has stats once they are refreshed":            notTried,
	})
	p.sweep(t)
	if remaining := s.Organizations(); len(remaining) > 0 {
		t.Errorf("left on the platform: %+v", remaining)
	}
}

func checkFindings(t *testing.T, findings []finding, want map[string]string) {
	t.Helper()
	for _, f := range findings {
		if expected := cmp.Or(want[f.assumption], holds); f.verdict != expected {
			t.Errorf("want %q: %s", expected, f)
		}
		delete(want, f.assumption)
	}
	if len(want) > 0 {
		t.Errorf("these assumptions weren't checked: %v", want)
	}
}
