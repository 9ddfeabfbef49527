package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// sources are the names under which a CLI finds a provider that it reattaches to: the
// provider's own, and the one that it assumes where a configuration says nothing.
var sources = []string{"guardai/guardai", ImpliedSource}

// ImpliedSource is where a CLI looks for the provider if a configuration has no required_providers.
const ImpliedSource = "hashicorp/guardai"

// Reattach is an environment variable that makes a CLI use a running provider, with no init.
type Reattach string

// Provider is the provider as a process of its own.
type Provider struct {
	*Process
	Reattach Reattach

	stop context.CancelFunc
}

// reattachLine is what a provider in debug mode prints for the CLI.
var reattachLine = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

// StartProvider starts a provider's program in the folder: that is where its relative
// paths begin. The caller stops it.
func (f *Folder) StartProvider(ctx context.Context, program string) (*Provider, error) {
	ctx, stop := context.WithCancel(ctx)
	process, err := Start(f.Program(ctx, program, "-debug"))
	if err != nil {
		stop()
		return nil, err
	}
	p := &Provider{Process: process, stop: stop}
	found, err := process.Await(ctx, reattachLine)
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	var printed map[string]any
	if err := json.Unmarshal([]byte(found[1]), &printed); err != nil {
		p.Stop()
		return nil, fmt.Errorf("reading how to reattach to the provider: %w", err)
	}
	for _, config := range printed {
		p.Reattach, err = newReattach(config)
	}
	return p, err
}

// Stop interrupts the provider and waits until it has ended.
func (p *Provider) Stop() {
	p.stop()
	<-p.Done
}

func newReattach(config any) (Reattach, error) {
	servers := map[string]any{}
	for _, source := range sources {
		servers[source] = config
	}
	text, err := json.Marshal(servers)
	return Reattach("TF_REATTACH_PROVIDERS=" + string(text)), err
}

// Serve serves a provider from this process until stop is called. The provider's logs go to opts.
func Serve(server func() tfprotov6.ProviderServer, opts ...tf6server.ServeOpt) (reattach Reattach, stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	attached, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	opts = append(opts, tf6server.WithDebug(ctx, attached, closed), tf6server.WithoutLogStderrOverride(),
		tf6server.WithGoPluginLogger(hclog.New(&hclog.LoggerOptions{Output: io.Discard})))
	// It ends with the context, and serves nothing before it is attached to.
	go func() { _ = tf6server.Serve(sources[0], server, opts...) }()
	config := <-attached
	reattach, err = newReattach(map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	})
	return reattach, func() {
		cancel()
		<-closed
	}, err
}

// WriteOverride writes a configuration that makes a CLI use the provider in a folder as it is, with no init.
func WriteOverride(file, dir string) error {
	const text = "provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n"
	return os.WriteFile(file, fmt.Appendf(nil, text, dir), 0o600)
}
