package export_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const download = "download_organization_file"

func TestExportIsReproducible(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"flat", "gitops"} {
		b := newFixture(t)
		for i := range 20 {
			org := b.AddOrganization(sandbox.Organization{Name: fmt.Sprint("Team ", i%7)})
			for j := range 3 {
				b.AddFile(org.ID, sandbox.File{Ref: fmt.Sprint(i, "-", j), Type: "classmapping", Name: fmt.Sprint(j%2, ".csv"), Content: []byte("x")})
			}
		}
		b.mustExport(t, "-layout", layout)
		first := b.tree(t)
		b.out = filepath.Join(t.TempDir(), "second")
		b.mustExport(t, "-layout", layout)
		if second := b.tree(t); !maps.Equal(first, second) {
			t.Errorf("the two exports with the layout %s differ", layout)
		}
	}
}

func TestCallsOfAnExport(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	for i := range 30 {
		org := b.AddOrganization(sandbox.Organization{Name: fmt.Sprint("Team ", i)})
		b.AddFile(org.ID, sandbox.File{Type: "classmapping", Name: "a.csv"})
	}
	b.mustExport(t)
	if got, others := b.Count(download), b.Count()-b.Count(download); got != 30 || others != 5 {
		t.Errorf("there were %d downloads and %d other calls", got, others)
	}
}

// An export needs a folder that is new or empty, and makes no call before it has one.
func TestFolders(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	parent := filepath.Dir(b.out)
	b.out = filepath.Join(parent, "file")
	if err := os.WriteFile(b.out, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.mustFail(t, 1, "which is a file. Choose a folder")
	b.out = filepath.Join(parent, "full")
	if err := os.MkdirAll(filepath.Join(b.out, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.mustFail(t, 1, "which isn't empty. Choose a folder")
	b.out = filepath.Join(parent, "missing", "platform")
	if result := b.export(t); result.exitCode != 1 || !strings.Contains(result.stderr, "there is no folder "+filepath.Dir(b.out)+". Create it first.\n") {
		t.Errorf("the message is %q", result.stderr)
	}
	if n := b.Count(); n > 0 {
		t.Errorf("there were %d calls", n)
	}
	b.out = filepath.Join(parent, "empty")
	if err := os.Mkdir(b.out, 0o700); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(b.out)
	if err != nil {
		t.Fatal(err)
	}
	b.mustFail(t, 1, "no organization on the platform matches", "-name-regex", "^nothing$")
	b.Inject(sandbox.Fault{Operation: download, Kind: sandbox.FaultStatus, Status: 404, Times: -1})
	b.mustFail(t, 1, "404")
	b.ClearFaults()
	b.mustExport(t)
	if after, err := os.Stat(b.out); err != nil || !os.SameFile(before, after) {
		t.Error("the empty folder was replaced by another")
	}
	mustContain(t, b.read(t, "README.md"), "5 organizations, 3 files, 5 members and 1 transform")
}

// Ctrl-C during the downloads leaves nothing.
func TestInterruptedExport(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.Inject(sandbox.Fault{Operation: download, Kind: sandbox.FaultSlow, Delay: time.Hour, Times: -1})
	before := fmt.Sprint(b.names(t))
	command := b.command(t)
	pipe, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	stderr := bufio.NewReader(pipe)
	begin, err := stderr.ReadString('\n')
	if err != nil || begin != "Downloading 4 files.\n" {
		t.Errorf("the export began with %q: %v", begin, err)
	}
	if during := fmt.Sprint(b.names(t)); !strings.Contains(during, "/.platform.") {
		t.Errorf("there is no temporary folder: %s", during)
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	end, err := io.ReadAll(stderr)
	if err != nil || string(end) != "Interrupted. Nothing was exported.\n" {
		t.Errorf("the export ended with %q: %v", end, err)
	}
	if err := command.Wait(); command.ProcessState.ExitCode() != 1 {
		t.Errorf("the export ended with %v", err)
	}
	if after := fmt.Sprint(b.names(t)); after != before {
		t.Errorf("the export left %s", after)
	}
}

// An export fails if a file can't be read, whoever the response is from.
func TestFailedDownloads(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"the platform's 404": {Kind: sandbox.FaultStatus, Status: 404},
		"a server's 404":     {Kind: sandbox.FaultStatus, Status: 404, Body: "404 page not found"},
		"a gateway's 404":    {Kind: sandbox.FaultStatus, Status: 404, Body: `{"message":"no Route matched with those values"}`},
		"403":                {Kind: sandbox.FaultStatus, Status: 403},
		"500":                {Kind: sandbox.FaultStatus, Status: 500},
		"an HTML page":       {Kind: sandbox.FaultHTML},
		"a cut-off body":     {Kind: sandbox.FaultCutOff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t, seeded)
			fault.Operation, fault.Times = download, -1
			b.Inject(fault)
			b.mustFail(t, 1, `("traffic-signs.csv") of organization 3 ("Map Making") can't be downloaded: GET `, "-organization", "3", "-max-retries", "0")
			b.mustFail(t, 1, "To export without files, set -files=false.\n", "-organization", "3", "-max-retries", "0")
			mustContain(t, b.mustExport(t, "-organization", "3", "-files=false"), "Exported 1 organization, 0 files, 1 member and 0 transforms")
		})
	}
}

// An export fails if an organization can't be read, whoever the response is from.
func TestFailedReads(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	for _, body := range []string{"", "404 page not found", `{"message":"no Route matched with those values"}`} {
		b.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultStatus, Status: 404, Body: body})
		b.mustFail(t, 1, "GET "+b.URL+"/api/v1/organizations returned 404")
		b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 404, Body: body})
		b.mustFail(t, 1, "organization 2 can't be read: GET ", "-organization", "2")
	}
	b.mustFail(t, 1, "organization 77 can't be read: GET ", "-organization", "1", "-organization", "77")
}

func TestSelection(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	mustContain(t, b.mustExport(t, "-name-regex", "^Vision ", "-files=false"), "Exported 2 organizations, 0 files, 0 members and 0 transforms")
	b.AddOrganization(sandbox.Organization{Name: "Fu\u0308hrung"})
	for i, form := range []string{"F\u00fchrung", "Fu\u0308hrung"} {
		b.out = filepath.Join(t.TempDir(), fmt.Sprint("form", i))
		mustContain(t, b.mustExport(t, "-name-regex", "^"+form+"$"), "Exported 1 organization, 0 files, 0 members and 0 transforms")
	}
}

func TestExportWithoutAdminRights(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.asUser()
	b.mustFail(t, 1, "requires administrator rights")
	b.mustFail(t, 1, "-organization 42")
	mustContain(t, b.mustExport(t, "-organization", "1", "-organization", "2"), "Exported 2 organizations, 1 file, 0 members and 1 transform", "members of organization 1")
}

// A failed call's message ends with what to do next.
func TestErrorsNameARemedy(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustFail(t, 1, "Nothing accepts connections at that address. Check host", "-host", "http://127.0.0.1:1", "-max-retries", "0")
	b.environ = append(b.environ, "GUARDAI_API_KEY=wrong")
	b.mustFail(t, 1, "The platform doesn't accept the API key. Check api_key_id and api_key (GUARDAI_API_KEY_ID")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.environ = append(b.environ, "GUARDAI_API_KEY=")
	mustContain(t, b.mustExport(t, "-help"), "Usage: terraform-provider-guardai export -out FOLDER", "-name-regex")
	b.mustFail(t, 2, "An API key id is set without the key. Set GUARDAI_API_KEY_ID and GUARDAI_API_KEY, GUARDAI_TOKEN, or -config-file")
	for says, args := range map[string][]string{
		"unexpected argument \"x\"":         {"x"},
		"-layout is \"x\"":                  {"-layout", "x"},
		"not an id":                         {"-organization", "x"},
		"missing closing )":                 {"-name-regex", "("},
		"flag provided but not defined: -x": {"-x"},
		"flag -max-retries is x":            {"-max-retries", "x"},
		"flag -request-timeout is \"1\"":    {"-request-timeout", "1"},
		"set by the flag -host":             {"-host", "nowhere"},
		"Set -host, the environment":        {"-host", "nowhere"},
		"Set -ca-certificate or":            {"-ca-certificate", "missing.pem"},
		"-out is missing":                   {"-out", ""},
	} {
		b.mustFail(t, 2, says, args...)
	}
}

func TestProviderBlockHasFlags(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustExport(t, "-max-retries", "2", "-request-timeout", "10s", "-insecure-skip-verify", "-verify")
	text := strings.Join(strings.Fields(b.read(t, "provider.tf")), " ")
	mustContain(t, text, "max_retries = 2", `request_timeout = "10s"`, "insecure_skip_verify = true")
}

// An export that fails its verification leaves nothing.
func TestVerifyFails(t *testing.T) {
	t.Parallel()
	const (
		good    = `{"type":"change_summary","changes":{"import":14}}`
		changes = `{"type":"planned_change","@message":"guardai_organization.a: Plan to update","change":{"action":"update"}}
{"type":"change_summary","changes":{"change":1}}`
		failure = `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Bad","detail":"It is broken."}}`
	)
	for want, plans := range map[string][2]string{
		"the plan should say 14 to import, 0 to add, 0 to change, 0 to destroy, and says 0 to import, 0 to add, 1 to change": {changes, good},
		"after an apply, the plan should say 0 to import":                                                                    {good, changes},
		"guardai_organization.a: Plan to update\n":                                                                           {good, changes},
		"the plan failed: Bad: It is broken.\n":                                                                              {failure, good},
	} {
		b := newFixture(t, seeded)
		b.useCLI(t, fmt.Sprintf("case \"$*\" in *-out=*) echo '%s' ;; plan*) echo '%s' ;; esac", plans[0], plans[1]))
		b.mustFail(t, 1, want, "-verify")
	}
	b := newFixture(t, seeded)
	b.environ = append(b.environ, "PATH="+t.TempDir())
	b.mustFail(t, 1, "there is no terraform or tofu on the PATH", "-verify")
	if n := b.Count(); n > 0 {
		t.Errorf("there were %d calls before", n)
	}
}

// A list of users that omits the organizations of some isn't the whole truth.
func TestMembersWithoutOrganizationsInTheListOfUsers(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded, lenient, func(cfg *sandbox.Config) { cfg.Unusual = false })
	b.UpdateUser(sandbox.UserID, func(u *sandbox.User) { u.Extra = map[string]any{"organizations": nil} })
	mustContain(t, b.mustExport(t, "-files=false"), "5 members")
}
