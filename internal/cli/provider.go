package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// sourceAddresses are the addresses under which a CLI looks for the provider when it reattaches: the real one, and the
// one implied by a configuration without required_providers.
var sourceAddresses = []string{"guardai/guardai", "hashicorp/guardai"}

// Provider is the provider in a separate process.
type Provider struct {
	*Process
	// Reattach is an environment variable, NAME=VALUE, that makes a CLI use this process without init.
	Reattach string

	stop context.CancelFunc
}

// reattachPattern matches the line that a provider in debug mode prints.
var reattachPattern = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

// StartProvider starts a provider with the folder as its working directory. The caller must stop it.
func (f *Folder) StartProvider(ctx context.Context, program string) (*Provider, error) {
	ctx, stop := context.WithCancel(ctx)
	process, err := Start(f.Program(ctx, program, "-debug"))
	if err != nil {
		stop()
		return nil, err
	}
	p := &Provider{Process: process, stop: stop}
	match, err := process.AwaitOutput(ctx, reattachPattern)
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	var configs map[string]any
	if err := json.Unmarshal([]byte(match[1]), &configs); err != nil {
		p.Stop()
		return nil, fmt.Errorf("parsing TF_REATTACH_PROVIDERS: %w", err)
	}
	for _, config := range configs {
		p.Reattach, err = newReattach(config)
	}
	return p, err
}

// Stop interrupts the provider and waits until it has exited.
func (p *Provider) Stop() {
	p.stop()
	<-p.Done
}

func newReattach(config any) (string, error) {
	servers := map[string]any{}
	for _, source := range sourceAddresses {
		servers[source] = config
	}
	text, err := json.Marshal(servers)
	return "TF_REATTACH_PROVIDERS=" + string(text), err
}

// Serve serves a provider from this process until stop is called. opts select where its logs go.
func Serve(server func() tfprotov6.ProviderServer, opts ...tf6server.ServeOpt) (reattach string, stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	attached, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	opts = append(opts, tf6server.WithDebug(ctx, attached, closed), tf6server.WithoutLogStderrOverride(),
		tf6server.WithGoPluginLogger(hclog.New(&hclog.LoggerOptions{Output: io.Discard})))
	// It returns when ctx is canceled.
	go func() { _ = tf6server.Serve(sourceAddresses[0], server, opts...) }()
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
