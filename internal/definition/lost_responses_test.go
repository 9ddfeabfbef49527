package definition_test

import (
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// operations are the ids of the calls that write a definition.
func (p *platform) operations() (add, update, upload string) {
	if p.kind == sandbox.Metric {
		return "add_metric", "update_metric", "upload_metric_file"
	}
	return "add_transform", "update_transform", "upload_file"
}

func TestLostResponses(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `description = "x"`, `content = "print(1)"`)
		add, update, upload := p.operations()
		for _, operation := range []string{add, update, upload} {
			for _, fault := range []sandbox.Fault{
				{Kind: sandbox.FaultDropAfter},
				{Kind: sandbox.FaultCutOff},
				{Kind: sandbox.FaultMissingID},
				{Kind: sandbox.FaultEmpty, AfterWork: true},
				{Kind: sandbox.FaultStatus, Status: 502, AfterWork: true},
				{Kind: sandbox.FaultStatus, Status: 503},
				{Kind: sandbox.FaultStatus, Status: 503, AfterWork: true},
			} {
				fault.Operation = operation
				p.Inject(fault)
				d := acceptance.NewDirect(t)
				applied := d.Apply(config)
				if applied.Failed {
					t.Fatalf("%s of %s: %s", fault.Kind, operation, applied.Text)
				}
				created := p.only(t)
				if created.Fields["description"] != "x" || string(created.Content) != "print(1)" {
					t.Errorf("%s of %s led to %v", fault.Kind, operation, created)
				}
				p.ClearFaults()
				d.Destroy(config).Must()
			}
		}
	})
}

// A result that can't be identified is an error with what it may be. It is never created again.
func TestUnknownResultOfACreate(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		add, _, _ := p.operations()
		existing := p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": "blur"}})
		list := map[sandbox.DefinitionKind]string{sandbox.Transform: "get_defined_transforms", sandbox.Metric: "get_metrics"}[p.kind]
		config := p.config(`name = "blur"`)
		plan := acceptance.NewDirect(t)

		p.Inject(sandbox.Fault{Operation: add, Kind: sandbox.FaultStatus, Status: 502})
		plan.Apply(config).MustFail("nothing was created")
		p.Inject(sandbox.Fault{Operation: add, Kind: sandbox.FaultStatus, Status: 504})
		plan.Apply(config).MustFail("may still be creating it")

		// Without the list before the create, the existing one could be the result.
		p.Inject(sandbox.Fault{Operation: list, Kind: sandbox.FaultStatus, Status: 403, Times: 2})
		p.Inject(sandbox.Fault{Operation: add, Kind: sandbox.FaultDropAfter})
		outcome := acceptance.NewDirect(t).Apply(config)
		if !outcome.Failed || !strings.Contains(outcome.Text, existing.ID) {
			t.Errorf("want an error with %s: %s", existing.ID, outcome.Text)
		}
		if all := p.Definitions(p.kind, p.organization); len(all) != 2 {
			t.Errorf("there are %d", len(all))
		}
	})
}

func TestUploadIsRepeatedOnlyIfNecessary(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `content = "print(1)"`)
		_, _, upload := p.operations()
		for fault, want := range map[sandbox.FaultKind]int{sandbox.FaultDropAfter: 1, sandbox.FaultDropBefore: 2} {
			p.ClearRequests()
			p.Inject(sandbox.Fault{Operation: upload, Kind: fault})
			d := acceptance.NewDirect(t)
			d.Apply(config).Must("create")
			if n := p.Count(upload); n != want {
				t.Errorf("%s led to %d uploads, want %d", fault, n, want)
			}
			d.Destroy(config).Must()
		}
	})
}
