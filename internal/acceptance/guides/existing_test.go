package guides_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/acceptance/guides"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const existingOrganizations = "existing-organizations.md"

// writes are the operations that would change something.
var writes = []string{
	"add_organization", "update_organization", "delete_organization", "copy_organization",
	"upload_organization_file", "rename_organization_file", "delete_organization_file",
}

// What the guide shows with the sandbox's examples, it does with a hundred more.
func TestHundredExistingOrganizations(t *testing.T) {
	t.Parallel()
	install := acceptance.Install(t)
	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = true })
	addHundred(s)
	before := s.Organizations()
	guide := guides.Load(t, existingOrganizations)

	session := guides.Play(t, install, guide, s)
	session.Run(t, "cd '"+session.Dir+"'")
	files := 0
	for _, org := range before {
		files += len(s.Files(org.ID))
	}
	checkState(t, session, len(before), files)
	importOneByOne(t, session, guide, len(before)+files)

	if got := s.Count(writes...); got != 0 {
		t.Errorf("%d requests would change something", got)
	}
	if after := s.Organizations(); !reflect.DeepEqual(before, after) {
		t.Error("the organizations aren't as they were")
	}
}

// addHundred adds organizations with a file each, of every kind that is likely.
func addHundred(s *acceptance.Sandbox) {
	for i := range 100 {
		settings := map[string]any{"maxItemCount": i, "disabledFeatures": []any{"EVALUATION"}, "retentionDays": 30}
		switch i % 3 {
		case 0:
			settings = nil
		case 1:
			settings["maxItemCount"], settings["disabledFeatures"] = -1, []any{"NEW_FEATURE"}
		}
		org := s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf(`Team "%d" ${x} %%{y} größer`, i/2), Settings: settings})
		file := sandbox.File{
			Ref: fmt.Sprintf("ref %d/+%%", i), Type: "classmapping", Name: "classes.csv", ContentType: "text/csv",
			Content: fmt.Appendf(nil, "source,target\r\n%d,\"${x} %%{y}\"\r\n", i),
		}
		if i%10 == 0 {
			file.Content = []byte{0, 255, byte(i)}
		}
		s.AddFile(org.ID, file)
	}
}

func checkState(t *testing.T, session *guides.Session, organizations, files int) {
	t.Helper()
	list := "\n" + session.Run(t, "terraform -chdir=all state list")
	if got := strings.Count(list, "\nguardai_organization.all["); got != organizations {
		t.Errorf("%d organizations are in state, want %d", got, organizations)
	}
	if got := strings.Count(list, "\nguardai_organization_file.all["); got != files {
		t.Errorf("%d files are in state, want %d", got, files)
	}
}

// importOneByOne takes the way for Terraform 1.5 and 1.6, which every CLI can go.
func importOneByOne(t *testing.T, session *guides.Session, guide *guides.Guide, objects int) {
	t.Helper()
	for from, to := range map[string]string{"discover/main.tf": "discover/main.tf", "all/main.tf": "old/main.tf"} {
		writeFrom(t, guide, from, filepath.Join(session.Dir, to))
	}
	session.Run(t, "terraform -chdir=discover init && terraform -chdir=discover apply -auto-approve")
	for output, file := range map[string]string{"organizations": "organizations.yaml", "files": "files.yaml", "imports": "import.tf"} {
		session.Run(t, "terraform -chdir=discover output -raw "+output+" >old/"+file)
	}
	session.Run(t, "terraform -chdir=old init")
	plan := session.Run(t, "terraform -chdir=old plan")
	if want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", objects); !strings.Contains(plan, want) {
		t.Errorf("the plan isn't %q:\n%.3000s", want, plan)
	}
}

// writeFrom writes a file of a guide's to a path.
func writeFrom(t *testing.T, guide *guides.Guide, name, path string) {
	t.Helper()
	for _, block := range guide.Blocks {
		if block.Kind != guides.KindFile || block.File != name {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(block.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("the guide has no file %s", name)
}
