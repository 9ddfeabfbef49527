package provider

import (
	"context"
	"reflect"
	"runtime"
	"testing"
	"weak"
)

// The server must not keep references to the contexts of finished calls: a run makes thousands.
func TestServerReleasesContexts(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	const resource, nothing = "guardai_organization", "guardai_none"
	for method, typeName := range map[string]string{
		"ValidateResourceConfig": resource, "UpgradeResourceState": resource, "UpgradeResourceIdentity": resource, "ReadResource": resource,
		"PlanResourceChange": resource, "ApplyResourceChange": resource, "ValidateDataResourceConfig": resource,
		"ImportResourceState": nothing, "ReadDataSource": nothing, "MoveResourceState": nothing, "OpenEphemeralResource": nothing,
	} {
		t.Run(method, func(t *testing.T) {
			held := callWith(t, func(ctx context.Context) {
				call := reflect.ValueOf(server).MethodByName(method)
				request := reflect.New(call.Type().In(1).Elem())
				for _, field := range []string{"TypeName", "TargetTypeName"} {
					if name := request.Elem().FieldByName(field); name.IsValid() {
						name.SetString(typeName)
					}
				}
				call.Call([]reflect.Value{reflect.ValueOf(ctx), request})
			})
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
