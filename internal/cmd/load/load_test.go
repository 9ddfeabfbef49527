package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	m := measurement{organizations: 50, parallelism: 10, rate: 0.05}
	err := program.InLab(t.Context(), "load", acceptance.CLIPath(t), t.Output(), nil, func(lab *program.Lab) error { return m.run(t.Context(), lab, &shown) })
	if err != nil {
		t.Error(err)
	}
	t.Logf("%s", &shown)
}

// An object that isn't in state is one too many.
func TestCheckSeesWhatIsNotInState(t *testing.T) {
	t.Parallel()
	p, err := program.NewPlatform(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	w := acceptance.NewWorkspace(t, nil)
	if err := check(t.Context(), p, w.Folder, 0); err != nil {
		t.Errorf("nothing at all: %v", err)
	}
	p.AddOrganization(sandbox.Organization{Name: "org"})
	if err := check(t.Context(), p, w.Folder, 1); err == nil || !strings.Contains(err.Error(), "1 objects on the platform and 0 in state") {
		t.Errorf("an organization that isn't in state: %v", err)
	}
}
