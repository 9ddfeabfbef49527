// Command sandbox runs a local GuardAI API for trying the provider.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// shutdownTimeout is how long active requests may take after a signal.
const shutdownTimeout = 5 * time.Second

func main() { os.Exit(newProgram().Main()) }

type options struct {
	addr    string
	sandbox sandbox.Config
}

func newProgram() program.Program {
	opts := &options{}
	return program.Program{
		Name:  "sandbox",
		About: "Runs a local GuardAI API for trying the Terraform provider.",
		Flags: opts.registerFlags,
		Check: func() error {
			if opts.sandbox.Latency < 0 {
				return errors.New("-latency must not be negative")
			}
			return nil
		},
		Run: opts.serve,
	}
}

func (o *options) registerFlags(flags *flag.FlagSet) {
	cfg := &o.sandbox
	flags.StringVar(&o.addr, "addr", "localhost:8082", "`address` to listen on; with port 0, the system picks a free port")
	flags.BoolVar(&cfg.Seed, "seed", false, "start with example organizations, unless the state folder contains a state")
	flags.StringVar(&cfg.StateDir, "state", "", "`folder` that keeps the state across restarts; by default, the state is lost on exit")
	flags.DurationVar(&cfg.Latency, "latency", 0, "`duration` to add to each response, such as 200ms")
	flags.BoolVar(&cfg.ChangeRefOnUpdate, "change-refs", false, "give a file a new reference on each update")
	flags.BoolVar(&cfg.KeepNameOnUpdate, "keep-names", false, "ignore the file name of an upload that updates a file")
	flags.BoolVar(&cfg.KeepUnlistedOnUpdate, "keep-unlisted", false, "don't list a file again when its content is updated")
	flags.BoolVar(&cfg.BareTextRefs, "bare-text-refs", false, "respond to uploads with plain text instead of a JSON string")
	flags.BoolVar(&cfg.NoDefaults, "no-defaults", false, "don't set defaults for settings that a request omits")
	flags.BoolVar(&cfg.Always200, "always-200", false, "respond with 200 to every successful request, instead of 201 or 204")
	flags.Func("empty-fields", "how to send fields without a value: `mode` omit also omits empty strings, lists and objects; null sends null", func(value string) error {
		cfg.EmptyFields = sandbox.EmptyFields(value)
		return cfg.EmptyFields.Validate()
	})
	flags.Func("extra-feature", "`name` of an undocumented feature to accept; can be repeated", func(value string) error {
		cfg.ExtraFeatures = append(cfg.ExtraFeatures, value)
		return nil
	})
}

// serve runs a sandbox until ctx is done.
func (o *options) serve(ctx context.Context, stdout, stderr io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// The sandbox writes only at startup, so it would outlive the reader of its output.
	onPipeClosed(os.Stdout, stop)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", o.addr, withoutAddress(err))
	}
	server, err := sandbox.New(o.sandbox)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	base := baseURL(o.addr, listener.Addr())
	if !isLoopback(listener.Addr()) {
		_, _ = fmt.Fprintln(stderr, "sandbox: warning: other machines can reach this sandbox, and its keys are public")
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
	_, _ = fmt.Fprintf(w, `The GuardAI sandbox listens on %[1]s. Press Ctrl-C to stop it.

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
