//go:build unix

package command

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// runAsSandboxEnvVar makes the test binary run as the sandbox.
const runAsSandboxEnvVar = "RUN_AS_SANDBOX"

func TestMain(m *testing.M) {
	if os.Getenv(runAsSandboxEnvVar) != "" {
		os.Exit(Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// process is a sandbox in a separate process.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout *os.File
	base   string
	temp   string
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, temp: t.TempDir()}
	p.cmd = exec.Command(os.Args[0], append([]string{"-addr", "127.0.0.1:0"}, args...)...) //nolint:gosec,noctx // It is the test itself.
	p.cmd.Env = append(os.Environ(), runAsSandboxEnvVar+"=1", "TMPDIR="+p.temp)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout, p.cmd.Stdout = reader, writer
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.stdout.Close()
	})
	lines := bufio.NewScanner(reader)
	for p.base == "" && lines.Scan() {
		_, p.base, _ = strings.Cut(lines.Text(), "export GUARDAI_HOST=")
	}
	if p.base == "" {
		t.Fatal("it printed no URL")
	}
	return p
}

// wantExit checks that the process exits soon with a code and leaves no temporary files.
func (p *process) wantExit(code int) {
	p.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if got := p.cmd.ProcessState.ExitCode(); got != code {
			p.t.Errorf("it ended with %d, want %d: %v", got, code, err)
		}
	case <-time.After(10 * time.Second):
		p.t.Error("it doesn't end")
	}
	if left, err := os.ReadDir(p.temp); err != nil || len(left) > 0 {
		p.t.Errorf("it left %v: %v", left, err)
	}
}

// upload uploads a file to organization 1. before is called before the last bytes are sent.
func (p *process) upload(content string, before func()) (*http.Response, error) {
	p.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "large.csv")
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	_ = writer.Close()
	sent, body := io.Pipe()
	go func() {
		head := form.Bytes()[:form.Len()-100]
		_, _ = body.Write(head)
		before()
		_, _ = body.Write(form.Bytes()[len(head):])
		_ = body.Close()
	}()
	return p.send(http.MethodPost, "/organizations/1/file?type=classmapping", writer.FormDataContentType(), sent)
}

func (p *process) send(method, path, contentType string, body io.Reader) (*http.Response, error) {
	p.t.Helper()
	login, err := http.Post(p.base+"/api/v1/login", "application/json", //nolint:noctx // The test ends it with the process.
		strings.NewReader(fmt.Sprintf(`{"apiKeyId":%q,"apiKey":%q}`, sandbox.AdminKeyID, sandbox.AdminKey)))
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := io.ReadAll(login.Body)
	if err := errors.Join(err, login.Body.Close()); err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), `"jwt":"`)
	token, _, _ := strings.Cut(rest, `"`)
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.base+"/api/v1"+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", contentType)
	return (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
}

// mustUpload uploads a file that is too large to be held in memory.
func (p *process) mustUpload() {
	p.t.Helper()
	response, err := p.upload(strings.Repeat("x", 3<<20), func() {})
	if err != nil {
		p.t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		p.t.Fatalf("the upload got %d", response.StatusCode)
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for signal, code := range map[os.Signal]int{os.Interrupt: 0, syscall.SIGTERM: 0, syscall.SIGHUP: 0, os.Kill: -1} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			p := startProcess(t, "-seed")
			p.mustUpload()
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			p.wantExit(code)
		})
	}
}

// The sandbox exits when the reader of its output is gone.
func TestExitsWhenOutputIsClosed(t *testing.T) {
	t.Parallel()
	p := startProcess(t, "-seed")
	p.mustUpload()
	if err := p.stdout.Close(); err != nil {
		t.Fatal(err)
	}
	p.wantExit(0)
}

func TestKilledDuringUpload(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	p := startProcess(t, "-seed", "-state", dir)
	p.mustUpload()
	_, err := p.upload(strings.Repeat("y", 3<<20), func() { //nolint:bodyclose // There is no response.
		for countContentFiles(t, dir) < 5 { // Three from the seed, the first upload, and part of this one.
			time.Sleep(time.Millisecond)
		}
		_ = p.cmd.Process.Kill()
	})
	if err == nil {
		t.Error("the upload ended well")
	}
	p.wantExit(-1)
	kept, err := sandbox.New(sandbox.Config{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	files := kept.Files(1)
	if len(files) != 2 || string(files[1].Content) != strings.Repeat("x", 3<<20) || len(kept.Organizations()) != 5 {
		t.Errorf("%d files of organization 1 were kept", len(files))
	}
	if got := countContentFiles(t, dir); got != 4 {
		t.Errorf("the folder holds %d contents, want 4", got)
	}
}

func countContentFiles(t *testing.T, dir string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "content-*"))
	if err != nil {
		t.Error(err)
	}
	return len(found)
}
