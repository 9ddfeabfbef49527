package provider

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The server must not keep references to the contexts of finished calls: a run makes thousands.
func TestServerReleasesContexts(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	for name, call := range map[string]func(context.Context){
		"ValidateResourceConfig": func(ctx context.Context) {
			_, _ = server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "guardai_organization"})
		},
		"UpgradeResourceState": func(ctx context.Context) {
			_, _ = server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: "guardai_organization"})
		},
		"UpgradeResourceIdentity": func(ctx context.Context) {
			_, _ = server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: "guardai_organization"})
		},
		"ReadResource": func(ctx context.Context) {
			_, _ = server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "guardai_organization"})
		},
		"PlanResourceChange": func(ctx context.Context) {
			_, _ = server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: "guardai_organization"})
		},
		"ApplyResourceChange": func(ctx context.Context) {
			_, _ = server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: "guardai_organization"})
		},
		"ImportResourceState": func(ctx context.Context) {
			_, _ = server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: "guardai_none"})
		},
		"ValidateDataResourceConfig": func(ctx context.Context) {
			_, _ = server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "guardai_organization"})
		},
		"ReadDataSource": func(ctx context.Context) {
			_, _ = server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: "guardai_none"})
		},
		"MoveResourceState": func(ctx context.Context) {
			_, _ = server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{TargetTypeName: "guardai_none"})
		},
		"OpenEphemeralResource": func(ctx context.Context) {
			_, _ = server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: "guardai_none"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			held := callWith(t, call)
			runtime.GC()
			if held.Value() != nil {
				t.Error("the server still references the context of a finished call")
			}
		})
	}
	runtime.KeepAlive(server)
}

type heldKey struct{}

// callWith makes a call with a context that references a value, and returns a weak pointer to that value.
//
//go:noinline
func callWith(t *testing.T, call func(context.Context)) weak.Pointer[[1 << 16]byte] {
	t.Helper()
	held := new([1 << 16]byte)
	call(context.WithValue(t.Context(), heldKey{}, held))
	return weak.Make(held)
}

func TestContextOfACall(t *testing.T) {
	t.Parallel()
	for name, atInterrupt := range map[string]bool{"caller": false, "interrupt": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caller, cancel := context.WithCancel(context.WithValue(t.Context(), heldKey{}, "value"))
			t.Cleanup(cancel)
			interrupt, interrupted := context.WithCancel(t.Context())
			t.Cleanup(interrupted)
			used, err := withCallContext(caller, &server{interrupt: interrupt}, 1, func(ctx context.Context, _ int) (context.Context, error) {
				if ctx.Err() != nil || ctx.Value(heldKey{}) != "value" {
					t.Error("the context of the call lacks the caller's values")
				}
				derived, stop := context.WithCancel(ctx)
				defer stop()
				if atInterrupt {
					interrupted()
				} else {
					cancel()
				}
				<-derived.Done()
				return ctx, ctx.Err()
			})
			if err == nil {
				t.Error("the call isn't canceled")
			}
			if used.Err() == nil || used.Value(heldKey{}) != nil {
				t.Error("the context still references the caller's after the call")
			}
		})
	}
}

// The context of a list or an action lasts as long as its stream.
func TestContextOfAStream(t *testing.T) {
	t.Parallel()
	s := &server{interrupt: t.Context()}
	call := s.newCallContext(t.Context())
	stream := releaseAfter(call, func(yield func(error) bool) { yield(call.Err()) })
	for err := range stream {
		if err != nil {
			t.Errorf("within the stream: %v", err)
		}
	}
	if call.Err() == nil {
		t.Error("after the stream the context isn't over")
	}
}
