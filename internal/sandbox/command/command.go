// Package command is the sandbox as a command: a local GuardAI API for trying the provider.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// shutdownTimeout is how long active requests may take after a signal.
const shutdownTimeout = 5 * time.Second

const usage = `Runs a local GuardAI API for trying the Terraform provider.

Usage: terraform-provider-guardai sandbox [flags]
`

type options struct {
	addr    string
	sandbox sandbox.Config
}

// Main runs the command until a signal, or until its output is closed, and returns its exit code.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // Otherwise, a closed output ends the process at once.
	// The sandbox writes only at startup, so it would outlive the reader of its output.
	onPipeClosed(os.Stdout, stop)
	return Run(ctx, args, os.Stdout, os.Stderr)
}

// Run runs the command until ctx is done, and returns its exit code.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts := &options{}
	flags := opts.flags()
	err := flags.Parse(args)
	switch {
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case err == nil && opts.sandbox.Latency < 0:
		err = errors.New("-latency must not be negative")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "Error: %s.\n\nRun terraform-provider-guardai sandbox -help for usage.\n", err)
		return 2
	}
	if err := opts.serve(ctx, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "Error: %s.\n", err)
		return 1
	}
	return 0
}

func (o *options) flags() *flag.FlagSet {
	flags, cfg := flag.NewFlagSet("sandbox", flag.ContinueOnError), &o.sandbox
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.addr, "addr", "localhost:8082", "`address` to listen on; with port 0, the system picks a free port")
	flags.BoolVar(&cfg.Seed, "seed", false, "start with example organizations, unless the state folder contains a state")
	flags.StringVar(&cfg.StateDir, "state", "", "`folder` that keeps the state across restarts; by default, the state is lost on exit")
	flags.DurationVar(&cfg.Latency, "latency", 0, "`duration` to add to each response, such as 200ms")
	flags.BoolVar(&cfg.Unusual, "unusual", false, "behave unusually wherever the API's documentation leaves that open")
	return flags
}

// serve runs a sandbox until ctx is done.
func (o *options) serve(ctx context.Context, stdout, stderr io.Writer) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		cause := withoutAddress(err)
		if errors.Is(err, syscall.EADDRINUSE) && isSandbox(ctx, o.addr) {
			cause = errors.New("another sandbox is running there")
		}
		return fmt.Errorf("can't listen on %s: %w; choose another address with -addr, such as -addr localhost:0", o.addr, cause)
	}
	server, err := sandbox.New(o.sandbox)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	base := baseURL(o.addr, listener.Addr())
	if !isLoopback(listener.Addr()) {
		fmt.Fprintln(stderr, "Warning: other machines can reach this sandbox, and its keys are public.")
	}
	printUsage(stdout, base, server)
	return serveUntilDone(ctx, listener, server)
}

// serveUntilDone serves requests until ctx is done, then waits for active requests. Those that wait for a delay end
// with ctx.
func serveUntilDone(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(stopped)
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if server.Shutdown(limited) != nil {
			_ = server.Close()
		}
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-stopped
	return nil
}

// isSandbox reports whether a sandbox serves an address.
func isSandbox(ctx context.Context, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/_sandbox", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode == http.StatusOK
}

// withoutAddress removes the address from a network error.
func withoutAddress(err error) error {
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		return operation.Err
	}
	return err
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// baseURL returns the URL with the flag's host and the actual port.
func baseURL(flagged string, addr net.Addr) string {
	host, _, err := net.SplitHostPort(flagged)
	if err != nil || host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + flagged
	}
	return "http://" + net.JoinHostPort(host, port)
}

func printUsage(w io.Writer, base string, server *sandbox.Server) {
	fmt.Fprintf(w, `The GuardAI sandbox listens on %[1]s. Open it in a browser to see what it holds.
Press Ctrl-C to stop it.

# An administrator's API key:
export GUARDAI_HOST=%[1]s
export GUARDAI_API_KEY_ID=%[2]s
export GUARDAI_API_KEY=%[3]s

# Or an ordinary user's:
export GUARDAI_HOST=%[1]s
export GUARDAI_API_KEY_ID=%[4]s
export GUARDAI_API_KEY=%[5]s

# Or, instead of a key, an administrator's token, valid for an hour:
export GUARDAI_TOKEN=%[6]s

# Or an ordinary user's:
export GUARDAI_TOKEN=%[7]s

Control API (faults, request log):  curl %[1]s/_sandbox
The API as an OpenAPI document:     curl %[1]s/_sandbox/openapi.yaml
`, base, sandbox.AdminKeyID, sandbox.AdminKey, sandbox.UserKeyID, sandbox.UserKey, server.AdminToken(), server.UserToken())
}
