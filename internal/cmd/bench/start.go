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

// startRuns is the number of measurements of the start per run: they are short and vary.
const startRuns = 5

// startBenchmark measures the time until the provider has returned its schemas, compared with an empty provider.
func startBenchmark() benchmark {
	name := "start, until the schemas are known"
	return benchmark{name: name, measure: func(ctx context.Context, b *bench, runs int) ([]measurement, error) {
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

// start starts a provider as a CLI does, and returns the time until it has returned its schemas.
func start(ctx context.Context, program string, settings ...string) (time.Duration, error) {
	command := exec.CommandContext(ctx, program)
	command.Env = append(cli.Environ(), settings...)
	began := time.Now()
	client := plugin.NewClient(&plugin.ClientConfig{
		// The handshake is the same for all providers.
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
	// An empty message can decode any response.
	if err := grpc.Conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
		return 0, fmt.Errorf("reading the schemas of %s: %w", program, err)
	}
	return time.Since(began), nil
}
