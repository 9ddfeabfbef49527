// Command sandbox runs a GuardAI API on this machine, to try the provider with.
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
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// shutdownTimeout is how long requests that are in progress may still take.
const shutdownTimeout = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	onPipeClosed(os.Stdout, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are what the flags say.
type options struct {
	addr      string
	readyFile string
	sandbox   sandbox.Config
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts := &options{}
	flags := opts.flags()
	err := opts.parse(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printUsage(stdout, flags)
		return exitOK
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "sandbox: %s\n\n", err)
		printUsage(stderr, flags)
		return exitUsage
	}
	if err := serve(ctx, opts, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "sandbox: %s\n", err)
		return exitError
	}
	return exitOK
}

func (o *options) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	cfg := &o.sandbox
	flags.StringVar(&o.addr, "addr", "localhost:8082", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&o.readyFile, "ready-file", "", "`file` to write the base URL to once the sandbox is ready")
	flags.BoolVar(&cfg.Seed, "seed", false, "start with example organizations, unless the state folder is in use already")
	flags.StringVar(&cfg.StateDir, "state", "", "`folder` that keeps the state across restarts; without it, nothing is kept")
	flags.DurationVar(&cfg.Latency, "latency", 0, "`duration` that is added to each response, such as 200ms")
	flags.BoolVar(&cfg.ChangeRefOnUpdate, "change-refs", false, "give a file a new reference with each update")
	flags.BoolVar(&cfg.BareTextRefs, "bare-text-refs", false, "respond to uploads with bare text, not a JSON string")
	flags.BoolVar(&cfg.NoDefaults, "no-defaults", false, "don't fill in defaults for settings that a request leaves out")
	flags.BoolVar(&cfg.Always200, "always-200", false, "respond with 200 to everything that succeeds, not with 201 or 204")
	flags.Func("empty-fields", "`how` to show fields that hold nothing: omit leaves out empty texts and lists too, null sends null for missing values", func(value string) error {
		cfg.EmptyFields = sandbox.EmptyFields(value)
		return cfg.EmptyFields.Validate()
	})
	flags.Func("extra-feature", "`name` of a feature that can be disabled, in addition to the documented ones; may be repeated", func(value string) error {
		cfg.ExtraFeatures = append(cfg.ExtraFeatures, value)
		return nil
	})
	return flags
}

func (o *options) parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.sandbox.Latency < 0 {
		return errors.New("-latency must not be negative")
	}
	return nil
}

func printUsage(w io.Writer, flags *flag.FlagSet) {
	_, _ = fmt.Fprint(w, "Usage: sandbox [flags]\n\nRuns a GuardAI API on this machine, to try the Terraform provider with.\n\nFlags:\n")
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// serve runs a sandbox until ctx is done.
func serve(ctx context.Context, opts *options, stdout, stderr io.Writer) (err error) {
	if opts.readyFile != "" {
		_ = os.Remove(opts.readyFile) // One of an earlier run would be taken for this one's.
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", opts.addr)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", opts.addr, plain(err))
	}
	server, err := sandbox.New(opts.sandbox)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	base := baseURL(opts.addr, listener.Addr())
	if !isLoopback(listener.Addr()) {
		_, _ = fmt.Fprintln(stderr, "sandbox: warning: other machines can reach the sandbox, and its keys are public")
	}
	printStart(stdout, base, server)
	if opts.readyFile != "" {
		if err := writeWhole(opts.readyFile, base+"\n"); err != nil {
			_ = listener.Close()
			return fmt.Errorf("the ready file can't be written: %w", err)
		}
		defer func() { _ = os.Remove(opts.readyFile) }()
	}
	return listen(ctx, listener, server)
}

// listen serves requests until ctx is done, and then lets those end that are in
// progress; those that only wait end with ctx.
func listen(ctx context.Context, listener net.Listener, handler http.Handler) error {
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

// plain returns what the operating system says, without the address around it.
func plain(err error) error {
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		return operation.Err
	}
	return err
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// baseURL names the host as the flag does, and the port that is listened on.
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

func printStart(w io.Writer, base string, server *sandbox.Server) {
	_, _ = fmt.Fprintf(w, `The GuardAI sandbox listens on %[1]s. Press Ctrl-C to stop it.

# An administrator's API key:
export GUARDAI_HOST=%[1]s
export GUARDAI_API_KEY_ID=%[2]s
export GUARDAI_API_KEY=%[3]s

# Or an ordinary user's, who may do less:
export GUARDAI_HOST=%[1]s
export GUARDAI_API_KEY_ID=%[4]s
export GUARDAI_API_KEY=%[5]s

# Or an administrator's token in place of a key, valid for an hour:
export GUARDAI_TOKEN=%[6]s

# Or an ordinary user's:
export GUARDAI_TOKEN=%[7]s

Faults, the request log and other controls:  curl %[1]s/_sandbox
The API as an OpenAPI document:              curl %[1]s/_sandbox/openapi.yaml
`, base, sandbox.AdminKeyID, sandbox.AdminKey, sandbox.UserKeyID, sandbox.UserKey, server.AdminToken(), server.UserToken())
}

// writeWhole writes a file that nobody can read before it is complete.
func writeWhole(path, content string) error {
	target, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = target.WriteString(content)
	err = errors.Join(err, target.Close())
	if err == nil {
		err = os.Rename(target.Name(), path)
	}
	if err != nil {
		_ = os.Remove(target.Name())
	}
	return err
}
