package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// startRuns is how often a start is measured for each run of anything else: it is short, and its times scatter.
const startRuns = 5

// startLine measures what passes from the start of the provider's process until it
// has reported its schemas, and the same of a provider that offers nothing.
func startLine() line {
	name := "start, until the schemas are known"
	return line{name: name, measure: func(ctx context.Context, b *bench, runs int) ([]measurement, error) {
		var took, baselineTook []time.Duration
		for range runs * startRuns {
			one, err := start(ctx, b.testbed.Provider)
			if err != nil {
				return nil, err
			}
			other, err := start(ctx, b.idle, "EMPTY=1")
			if err != nil {
				return nil, err
			}
			took, baselineTook = append(took, one), append(baselineTook, other)
		}
		return []measurement{{name: name, took: median(took), baseline: "an empty provider", baselineTook: median(baselineTook)}}, nil
	}}
}

// start starts a provider as a CLI does, and returns how long it took until it had reported its schemas.
func start(ctx context.Context, program string, settings ...string) (time.Duration, error) {
	command := exec.CommandContext(ctx, program)
	command.Env = append(cli.Environ(), settings...)
	began := time.Now()
	client := plugin.NewClient(&plugin.ClientConfig{
		// This is the protocol's, and the same for every provider.
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{6: {}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Cmd:              command,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	connected, err := client.Client()
	if err != nil {
		return 0, fmt.Errorf("starting %s: %w", program, err)
	}
	grpc, ok := connected.(*plugin.GRPCClient)
	if !ok {
		return 0, errors.New("the provider doesn't speak gRPC")
	}
	// An empty message accepts any response.
	if err := grpc.Conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
		return 0, fmt.Errorf("asking %s for its schemas: %w", program, err)
	}
	return time.Since(began), nil
}
