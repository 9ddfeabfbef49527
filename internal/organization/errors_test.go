package organization_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestInvalidConfiguration(t *testing.T) {
	for name, test := range map[string]struct{ lines, want string }{
		"no name":             {``, `"name" is required`},
		"blank name":          {`name = "  "`, `(?s)name must not be blank, but it is "  "`},
		"misspelled setting":  {"name = \"x\"\nmax_items = 5", `(?s)Unsupported argument.*"max_items"`},
		"null feature":        {"name = \"x\"\ndisabled_features = [null]", `(?s)disabled_features.*null`},
		"quota below int32":   {"name = \"x\"\nmax_item_count = -2147483649", `(?s)max_item_count must be a whole number from -2147483648 to\s+2147483647, not\s+-2147483649`},
		"quota past int32":    {"name = \"x\"\nmax_time_allocated = 2147483648", `(?s)max_time_allocated must be a whole number`},
		"quota a fraction":    {"name = \"x\"\nmax_time_per_task = 1.5", `(?s)max_time_per_task must be a whole number.*1\.5`},
		"source not positive": {"name = \"x\"\nsource_organization_id = 0", `(?s)source_organization_id.*"0" is not an\s+id`},
		"source no number":    {"name = \"x\"\nsource_organization_id = \"Research\"", `(?s)source_organization_id.*"Research" is not an\s+id`},
		"source of two kinds": {"name = \"x\"\nsource_organization_id = \"042\"", `(?s)source_organization_id.*"042" is not an\s+id`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			acceptance.Run(t, resource.TestStep{
				Config: s.Provider() + organization(test.lines), PlanOnly: true, ExpectError: regexp.MustCompile(test.want),
			})
			if got := s.Count(); got != 0 {
				t.Errorf("the platform was asked %d times", got)
			}
		})
	}
}

// Each operation of the resource fails with statuses that aren't retried.
func TestAPIErrors(t *testing.T) {
	const created = `name = "x"`
	for name, test := range map[string]struct {
		operation string
		status    int
		config    string
		want      string
	}{
		"create 400": {"add_organization", 400, "", `(?s)Unable to create organization.*POST\s+\S+/api/v1/organizations\s+returned\s+400`},
		"create 403": {"add_organization", 403, "", `(?s)Unable to create organization.*returned\s+403.*isn't\s+allowed`},
		"create 500": {"add_organization", 500, "", `(?s)Unable to create organization.*500.*found\s+nothing`},
		"read 403":   {"get_organization", 403, created, `(?s)Unable to read organization \d+.*GET\s+\S+/api/v1/organizations/\d+\s+returned\s+403`},
		"update 400": {"update_organization", 400, `name = "y"`, `(?s)Unable to update organization \d+.*PUT\s+\S+/api/v1/organizations/\d+\s+returned\s+400`},
		"update 404": {"update_organization", 404, `name = "y"`, `(?s)Unable to update organization \d+.*404.*still\s+lists`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			fault := func() {
				s.Inject(sandbox.Fault{Operation: test.operation, Kind: sandbox.FaultStatus, Status: test.status})
			}
			var steps []resource.TestStep
			if test.config == "" {
				test.config = created
			} else {
				steps = append(steps, resource.TestStep{Config: s.Provider() + organization(created)})
			}
			steps = append(steps,
				resource.TestStep{PreConfig: fault, Config: s.Provider() + organization(test.config), ExpectError: regexp.MustCompile(test.want)},
				resource.TestStep{Config: s.Provider() + organization(test.config)})
			acceptance.Run(t, steps...)
		})
	}
}

func TestDestroyError(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + organization(`name = "x"`)},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(sandbox.Fault{Operation: "delete_organization", Kind: sandbox.FaultStatus, Status: 409})
			},
			Config: s.Provider() + organization(`name = "x"`), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Unable to delete organization \d+.*DELETE.*409`),
		},
	)
	if left := s.Organizations(); len(left) != 0 {
		t.Errorf("the next destroy left %+v", left)
	}
}

func TestTransientErrorsAreRetried(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		PreConfig: func() {
			s.Inject(sandbox.Fault{Operation: "login", Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "0"})
			s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "0"})
			s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultCutOff})
		},
		Config: s.Provider() + organization(`name = "x"`),
		Check:  resource.ComposeAggregateTestCheckFunc(calls(s, "add_organization", 2)),
	})
}

func TestTokenExpiresDuringARun(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		PreConfig: func() {
			s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultStatus, Status: 401})
		},
		Config: s.Provider() + organization(`name = "x"`),
	})
}
