//go:build slow

// Package load tests that nothing is lost or duplicated if the platform rejects a share of the calls, with a real CLI
// and a configurable number of objects.
package load

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	mebibyte = 1 << 20
	// maxErrorOutput is how many bytes of a failed command's output an error includes.
	maxErrorOutput = 8 << 10
)

var (
	organizations = flag.Int("organizations", 2000, "number of organizations, with one file each")
	parallelism   = flag.Int("parallelism", 10, "number of concurrent operations of the CLI")
	rate          = flag.Float64("rate", 0.05, "share of calls whose response is 429 or 503")
	out           = flag.String("out", "", "`page` to write the figures to, between its markers")
)

func TestLoad(t *testing.T) {
	t.Parallel()
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	m := measurement{organizations: *organizations, parallelism: *parallelism, rate: *rate}
	err := cli.Page{File: *out, Name: "load"}.Measure(ctx, acceptance.CLIPath(t), t.Output(), t.Output(), nil, func(testbed *cli.Testbed) (string, error) {
		var report strings.Builder
		err := m.run(ctx, testbed, &report)
		return " " + report.String(), err
	})
	if err != nil {
		t.Error(err)
	}
}

type measurement struct {
	organizations int
	parallelism   int
	rate          float64
}

// phase is a CLI command and the number of objects after it.
type phase struct {
	args    []string
	objects int
}

func (m *measurement) run(ctx context.Context, testbed *cli.Testbed, out io.Writer) (err error) {
	store := &stateStore{}
	p, err := sandbox.NewLocal(sandbox.Config{}, func(server *http.Server) {
		routes := http.NewServeMux()
		routes.Handle(statePath, store)
		routes.Handle("/", server.Handler)
		server.Handler = routes
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	f, err := testbed.Folder(append(p.Environ(), "TF_IN_AUTOMATION=1", "TF_LOG_SDK=OFF", "TF_HTTP_ADDRESS="+p.URL+statePath)...)
	if err != nil {
		return err
	}
	if err := f.Write("main.tf", m.configuration()); err != nil {
		return err
	}
	if err := withProvider(ctx, testbed, f, func(f *cli.Folder, _ *cli.Provider) error {
		_, err := f.RequireSuccess(ctx, "init")
		return err
	}); err != nil {
		return err
	}
	// The second fault only affects requests that the first doesn't.
	p.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests, Times: -1, Rate: m.rate / 2})
	p.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusServiceUnavailable, Times: -1, Rate: m.rate / 2})
	fmt.Fprintf(out, "%d organizations with a file each, %d operations at once; the response to %.1f %% of calls is 429 or 503.\n\n",
		m.organizations, m.parallelism, 100*m.rate)
	fmt.Fprintf(out, "| command | time | CPU: CLI | CPU: provider | peak memory: CLI | peak memory: provider | calls | rejected |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	parallelism := fmt.Sprintf("-parallelism=%d", m.parallelism)
	all := 2 * m.organizations
	var calls strings.Builder
	for _, each := range []phase{
		{[]string{"apply", "-auto-approve", parallelism}, all},
		{[]string{"plan", "-detailed-exitcode", parallelism}, all},
		{[]string{"destroy", "-auto-approve", parallelism}, 0},
	} {
		p.ClearRequests()
		if err := withProvider(ctx, testbed, f, func(f *cli.Folder, provider *cli.Provider) error {
			return measure(ctx, p, f, provider, each.args, out, &calls)
		}); err != nil {
			return err
		}
		if err := checkObjects(p, store, each.objects); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\n| command | operation | calls | rejected |\n|---|---|--:|--:|\n%s\nNothing was lost or doubled.\n", calls.String())
	return nil
}

// organizationBlock is an organization with its file.
const organizationBlock = `
resource "guardai_organization" "team_%[1]d" {
  name = "team %[1]d"
}

resource "guardai_organization_file" "classes_%[1]d" {
  organization_id = guardai_organization.team_%[1]d.id
  name            = "classes.csv"
  content         = "id,class\n%[1]d,car\n"
}
`

// configuration returns a block for each object. With count, each file would depend on every organization, and the CLI
// needs gigabytes for 2,000 × 2,000 edges.
func (m *measurement) configuration() string {
	var text strings.Builder
	text.WriteString(cli.RequiredProviders + "\nterraform {\n  backend \"http\" {}\n}\n")
	for i := range m.organizations {
		fmt.Fprintf(&text, organizationBlock, i)
	}
	return text.String()
}

// withProvider calls do with a folder whose CLI uses a provider in one separate process.
func withProvider(ctx context.Context, testbed *cli.Testbed, f *cli.Folder, do func(*cli.Folder, *cli.Provider) error) error {
	provider, err := f.StartProvider(ctx, testbed.Provider)
	if err != nil {
		return err
	}
	defer provider.Stop()
	return do(f.WithEnv(provider.Reattach), provider)
}

// measure runs a command. It writes a line of the table to out, and one for each operation to calls.
func measure(ctx context.Context, p *sandbox.Local, f *cli.Folder, provider *cli.Provider, args []string, out, calls io.Writer) error {
	began := time.Now()
	process, err := cli.Start(f.Command(ctx, args...))
	if err != nil {
		return err
	}
	defer process.KillGroup()
	cliMemory := process.SamplePeakMemory()
	took := time.Since(began)
	if code := process.Wait(); code != 0 {
		log := process.Log()
		return fmt.Errorf("%s ended with exit code %d:\n%s", args[0], code, log[max(0, len(log)-maxErrorOutput):])
	}
	memory, err := provider.PeakMemory()
	if err != nil && !errors.Is(err, cli.ErrPeakMemoryUnavailable) {
		return err
	}
	// Its CPU time is known once it has exited.
	provider.Stop()
	requests := p.Requests()
	counts, rejections, rejected := map[string]int{}, map[string]int{}, 0
	for _, request := range requests {
		counts[request.Operation]++
		if request.Fault != "" {
			rejections[request.Operation]++
			rejected++
		}
	}
	fmt.Fprintf(out, "| %s | %.1f s | %.1f s | %.1f s | %d MiB | %d MiB | %d | %d |\n", args[0], took.Seconds(),
		process.CPU().Seconds(), provider.CPU().Seconds(), cliMemory/mebibyte, memory/mebibyte, len(requests), rejected)
	for _, operation := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(calls, "| %s | %s | %d | %d |\n", args[0], operation, counts[operation], rejections[operation])
	}
	return nil
}

// checkObjects compares the platform with the state. Both must hold the given number of objects.
func checkObjects(p *sandbox.Local, store *stateStore, want int) error {
	store.mu.Lock()
	defer store.mu.Unlock()
	state, err := cli.ParseState(string(store.raw))
	if err != nil {
		return err
	}
	managed, objects := state.ManagedIDs(), cli.ImportIDs(p.Server)
	slices.Sort(managed)
	if len(objects) != want || !slices.Equal(managed, slices.Sorted(maps.Keys(objects))) {
		return fmt.Errorf("there are %d objects on the platform and %d in state, want %d", len(objects), len(managed), want)
	}
	return nil
}

// statePath is where the sandbox's server stores the state.
const statePath = "/state"

// stateStore is a server for the CLI's backend "http". A local state file would be rewritten after each object.
type stateStore struct {
	mu  sync.Mutex
	raw []byte
}

func (s *stateStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Method == http.MethodPost:
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.raw = raw
	case r.Method == http.MethodGet && s.raw != nil:
		_, _ = w.Write(s.raw)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}
