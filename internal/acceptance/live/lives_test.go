package live_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// lives are the resources that live tests cover, by type. TestEveryResourceHasALife compares them with the provider's.
var lives = map[string]func(*testing.T, *platform) life{
	"guardai_organization":        organizationLife,
	"guardai_organization_file":   fileLife,
	"guardai_organization_member": memberLife,
	"guardai_transform":           func(t *testing.T, p *platform) life { t.Helper(); return definitionLife(t, p, guardai.TransformKind) },
	"guardai_metric":              func(t *testing.T, p *platform) life { t.Helper(); return definitionLife(t, p, guardai.MetricKind) },
}

func organizationLife(t *testing.T, p *platform) life {
	t.Helper()
	client := p.client(t)
	name := newName("life")
	return life{
		created: fmt.Sprintf("name = %q\n max_item_count = 5\n disabled_features = [\"EVALUATION\"]", name),
		updated: fmt.Sprintf("name = %q\n max_item_count = 6\n disabled_features = []", name),
		renamed: fmt.Sprintf("name = \"%s-2\"\n max_item_count = 6\n disabled_features = []", name),
		omitted: fmt.Sprintf("name = \"%s-2\"", name),
		drift: func(attributes map[string]string) error {
			_, err := client.UpdateOrganization(t.Context(), number(t, attributes["id"]), guardai.OrganizationChange{Name: name + "-drift"})
			return err
		},
		remove: func(attributes map[string]string) error {
			return client.DeleteOrganization(t.Context(), number(t, attributes["id"]))
		},
		exists: func(attributes map[string]string) (bool, error) {
			_, err := client.ReadOrganization(t.Context(), number(t, attributes["id"]))
			return found(err)
		},
	}
}

func fileLife(t *testing.T, p *platform) life {
	t.Helper()
	client := p.client(t)
	org, err := client.CreateOrganization(t.Context(), newName("files"), nil)
	if err != nil {
		t.Fatal(err)
	}
	file := func(lines string) string { return fmt.Sprintf("organization_id = \"%d\"\n %s", org.ID, lines) }
	key := func(attributes map[string]string) guardai.FileKey {
		return guardai.FileKey{OrganizationID: org.ID, Type: attributes["type"], Ref: attributes["ref"]}
	}
	return life{
		created:  file("name = \"tfacc-1.csv\"\n content = \"one\"\n verify_content = true"),
		updated:  file("name = \"tfacc-1.csv\"\n content = \"two\"\n verify_content = true"),
		renamed:  file("name = \"tfacc-ü.csv\"\n content = \"two\"\n verify_content = true"),
		omitted:  file("name = \"tfacc-ü.csv\"\n content = \"two\""),
		imported: file("name = \"tfacc-ü.csv\""),
		ignored:  []string{"content"},
		drift: func(attributes map[string]string) error {
			// An upload to a ref may change the ref, which would make the file seem to be gone.
			return client.RenameFile(t.Context(), key(attributes), "tfacc-drift.csv")
		},
		remove: func(attributes map[string]string) error { return client.DeleteFile(t.Context(), key(attributes)) },
		exists: func(attributes map[string]string) (bool, error) {
			return found(client.DownloadFile(t.Context(), key(attributes), func(string, io.Reader) error { return nil }))
		},
	}
}

// memberLife is that of the only user whom the tests may change: the one that they act as.
func memberLife(t *testing.T, p *platform) life {
	t.Helper()
	client := p.client(t)
	org, err := client.CreateOrganization(t.Context(), newName("members"), nil)
	if err != nil {
		t.Fatal(err)
	}
	user, err := client.CurrentUser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return life{
		omitted: fmt.Sprintf("organization_id = \"%d\"\n user_id = \"%d\"", org.ID, *user.ID),
		remove: func(map[string]string) error {
			return p.client(t).RemoveMember(t.Context(), org.ID, *user.ID)
		},
		exists: func(map[string]string) (bool, error) {
			member, err := p.client(t).Membership(t.Context(), org.ID, *user.ID)
			return member != nil, err
		},
	}
}

func definitionLife(t *testing.T, p *platform, kind guardai.DefinitionKind) life {
	t.Helper()
	client := p.client(t)
	org, err := client.CreateOrganization(t.Context(), newName(string(kind)+"s"), nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := func(lines string) string { return fmt.Sprintf("organization_id = \"%d\"\n %s", org.ID, lines) }
	key := func(attributes map[string]string) guardai.DefinitionKey {
		return guardai.DefinitionKey{Kind: kind, OrganizationID: org.ID, ID: attributes["id"]}
	}
	const params = "params = jsonencode([{ name = \"sigma\", default = 0.5 }])"
	return life{
		created:  lines("name = \"tfacc-1\"\n description = \"one\"\n content = \"print(1)\"\n" + params),
		updated:  lines("name = \"tfacc-1\"\n description = \"two\"\n content = \"print(2)\"\n" + params),
		renamed:  lines("name = \"tfacc-ü\"\n description = \"two\"\n content = \"print(2)\"\n" + params),
		omitted:  lines("name = \"tfacc-ü\"\n content = \"print(2)\""),
		imported: lines("name = \"tfacc-ü\""),
		importID: func(attributes map[string]string) string { return key(attributes).String() },
		ignored:  []string{"content"},
		drift: func(attributes map[string]string) error {
			_, err := client.UpdateDefinition(t.Context(), key(attributes), map[string]json.RawMessage{"name": json.RawMessage(`"tfacc-drift"`)})
			return err
		},
		remove: func(attributes map[string]string) error { return client.DeleteDefinition(t.Context(), key(attributes)) },
		exists: func(attributes map[string]string) (bool, error) {
			_, err := p.client(t).GetDefinition(t.Context(), key(attributes))
			return found(err)
		},
	}
}

// found reports what the error of a read says about whether the object exists.
func found(err error) (bool, error) {
	if guardai.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func number(t *testing.T, id string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
