package command

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// localSandbox is a sandbox that runs in this process.
type localSandbox struct {
	t      *testing.T
	base   string
	stdout *output
	stderr *output
	stop   context.CancelFunc
	exit   chan int
}

// output may be written and read concurrently.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// listening matches the line with the sandbox's URL.
var listening = regexp.MustCompile(`listens on (\S+)\. `)

func start(t *testing.T, args ...string) *localSandbox {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	p := &localSandbox{t: t, stdout: &output{}, stderr: &output{}, stop: stop, exit: make(chan int, 1)}
	go func() {
		p.exit <- Run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), p.stdout, p.stderr)
	}()
	for deadline := time.Now().Add(10 * time.Second); p.base == ""; time.Sleep(time.Millisecond) {
		if match := listening.FindStringSubmatch(p.stdout.String()); match != nil {
			p.base = match[1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("it isn't ready: %s%s", p.stdout, p.stderr)
		}
	}
	t.Cleanup(p.end)
	return p
}

// end stops the program and checks its exit code.
func (p *localSandbox) end() {
	p.t.Helper()
	p.stop()
	select {
	case code := <-p.exit:
		if code != 0 {
			p.t.Errorf("it ended with %d: %s", code, p.stderr)
		}
		p.exit <- code
	case <-time.After(10 * time.Second):
		p.t.Error("it doesn't end")
	}
}

func (p *localSandbox) get(path, token string) (int, string) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, p.base+path, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestPrintsCredentials(t *testing.T) {
	t.Parallel()
	p := start(t, "-seed")
	output := p.stdout.String()
	for _, line := range []string{
		"export GUARDAI_HOST=" + p.base, "export GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID,
		"export GUARDAI_API_KEY=" + sandbox.AdminKey, "export GUARDAI_API_KEY_ID=" + sandbox.UserKeyID,
		"export GUARDAI_API_KEY=" + sandbox.UserKey,
	} {
		if !strings.Contains(output, line+"\n") {
			t.Errorf("it doesn't print %s:\n%s", line, output)
		}
	}
	tokens := regexp.MustCompile(`export GUARDAI_TOKEN=(\S+)`).FindAllStringSubmatch(output, -1)
	if len(tokens) != 2 {
		t.Fatalf("it prints %d tokens", len(tokens))
	}
	if status, body := p.get("/api/v1/organizations", tokens[0][1]); status != http.StatusOK || !strings.Contains(body, "Car Perception") {
		t.Errorf("the administrator gets %d %s", status, body)
	}
	if status, _ := p.get("/api/v1/organizations", tokens[1][1]); status != http.StatusForbidden {
		t.Errorf("the ordinary user gets %d", status)
	}
	for _, url := range regexp.MustCompile(`curl (\S+)`).FindAllStringSubmatch(output, -1) {
		if status, _ := p.get(strings.TrimPrefix(url[1], p.base), ""); status != http.StatusOK {
			t.Errorf("%s responds with %d", url[1], status)
		}
	}
	if warned := p.stderr.String(); warned != "" {
		t.Errorf("it warns: %s", warned)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	foreign := t.TempDir()
	file := filepath.Join(foreign, "file")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	running := start(t)
	free := []string{"-addr", "127.0.0.1:0"}
	tests := map[string]struct {
		args []string
		exit int
		says string
	}{
		"port in use":    {[]string{"-addr", listener.Addr().String()}, 1, "; choose another address with -addr"},
		"second sandbox": {[]string{"-addr", strings.TrimPrefix(running.base, "http://")}, 1, "another sandbox is running there; choose another address with -addr"},
		"no port":        {[]string{"-addr", "localhost"}, 1, "missing port"},
		"foreign folder": {append(free, "-state", foreign), 1, foreign},
		"unknown flag":   {[]string{"-port", "1"}, 2, "-port"},
		"bad value":      {[]string{"-latency", "soon"}, 2, "-latency"},
		"negative value": {[]string{"-latency", "-1s"}, 2, "-latency"},
		"stray argument": {[]string{"-seed", "start"}, 2, `"start"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			exit := Run(context.Background(), test.args, &stdout, &stderr)
			said, usage, _ := strings.Cut(stderr.String(), "\n")
			if exit != test.exit || !strings.Contains(said, test.says) {
				t.Errorf("it ended with %d and says %q, want %d and %q", exit, said, test.exit, test.says)
			}
			if strings.Contains(usage, "sandbox -help") != (exit == 2) {
				t.Errorf("it prints %q after the error", usage)
			}
		})
	}
}
