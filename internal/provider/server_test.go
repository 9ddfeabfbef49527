package provider

import (
	"context"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// What a call's context holds is free once the call is over: a run makes thousands.
func TestServerKeepsNothingOfACall(t *testing.T) {
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
	} {
		t.Run(name, func(t *testing.T) {
			held := callWith(t, call)
			runtime.GC()
			if held.Value() != nil {
				t.Error("the context of a call that is over is still held")
			}
		})
	}
	runtime.KeepAlive(server)
}

type heldKey struct{}

// callWith makes a call with a context that holds something, and returns what says
// whether it is still held.
//
//go:noinline
func callWith(t *testing.T, call func(context.Context)) weak.Pointer[[1 << 16]byte] {
	t.Helper()
	held := new([1 << 16]byte)
	call(context.WithValue(t.Context(), heldKey{}, held))
	return weak.Make(held)
}

func TestLentContext(t *testing.T) {
	t.Parallel()
	cause, cancel := context.WithTimeout(context.WithValue(t.Context(), heldKey{}, "value"), time.Hour)
	t.Cleanup(cancel)
	lent, err := during(cause, 1, func(ctx context.Context, _ int) (context.Context, error) {
		if _, ok := ctx.Deadline(); !ok || ctx.Err() != nil || ctx.Value(heldKey{}) != "value" || ctx.Done() != cause.Done() {
			t.Error("during the call it is not the caller's context")
		}
		derived, stop := context.WithCancel(ctx)
		defer stop()
		cancel()
		<-derived.Done()
		return ctx, ctx.Err()
	})
	if err == nil {
		t.Error("canceling the call isn't seen in it")
	}
	if _, ok := lent.Deadline(); ok || lent.Err() == nil || lent.Value(heldKey{}) != nil {
		t.Error("after the call it is still the caller's context")
	}
	<-lent.Done()
}

// Queries and actions are found by what the server implements beside the protocol's
// oldest part.
func TestServerOffersAllOfTheFrameworks(t *testing.T) {
	t.Parallel()
	if served := NewServer("test")(); !isFrameworkServer(served) {
		t.Errorf("the server is a %T", served)
	}
}

func isFrameworkServer(served tfprotov6.ProviderServer) bool {
	_, wrapped := served.(*server)
	_, complete := served.(frameworkServer)
	return wrapped && complete
}
