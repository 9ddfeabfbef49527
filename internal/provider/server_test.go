package provider

import (
	"context"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
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

// protocol is the package that declares the server interfaces.
const protocol = "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// knownInterfaces holds the server interfaces that server.go handles, by name.
var knownInterfaces = map[string]reflect.Type{
	"ProviderServer":          reflect.TypeFor[tfprotov6.ProviderServer](),
	"ResourceServer":          reflect.TypeFor[tfprotov6.ResourceServer](),
	"DataSourceServer":        reflect.TypeFor[tfprotov6.DataSourceServer](),
	"FunctionServer":          reflect.TypeFor[tfprotov6.FunctionServer](),
	"EphemeralResourceServer": reflect.TypeFor[tfprotov6.EphemeralResourceServer](),
	"ListResourceServer":      reflect.TypeFor[tfprotov6.ListResourceServer](),
	"ActionServer":            reflect.TypeFor[tfprotov6.ActionServer](),
	"StateStoreServer":        reflect.TypeFor[tfprotov6.StateStoreServer](),

	"ProviderServerWithListResource": reflect.TypeFor[tfprotov6.ProviderServerWithListResource](), //nolint:staticcheck // Deprecated, but still declared.
	"ProviderServerWithActions":      reflect.TypeFor[tfprotov6.ProviderServerWithActions](),      //nolint:staticcheck // Deprecated, but still declared.
	"ProviderServerWithStateStores":  reflect.TypeFor[tfprotov6.ProviderServerWithStateStores](),  //nolint:staticcheck // Deprecated, but still declared.
}

// withoutRequests are the methods that don't call the platform and aren't called for each object.
var withoutRequests = []string{
	"GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "ValidateProviderConfig", "ConfigureProvider", "StopProvider",
	"GenerateResourceConfig", "ValidateEphemeralResourceConfig", "ValidateListResourceConfig", "ValidateActionConfig",
	"GetFunctions", "CallFunction",
	"ValidateStateStoreConfig", "ConfigureStateStore", "ReadStateBytes", "WriteStateBytes", "GetStates", "DeleteState", "LockState", "UnlockState",
}

// The protocol finds optional features by interface. If a new version adds one, the server must implement it, with a
// context of its own for each method that may call the platform.
func TestServerImplementsTheProtocol(t *testing.T) {
	t.Parallel()
	own := methodsOf(t, "server.go", "server")
	for _, name := range serverInterfaces(t) {
		part, ok := knownInterfaces[name]
		if !ok {
			t.Errorf("the protocol has a %s: forward it in server.go", name)
			continue
		}
		if !reflect.TypeFor[*server]().Implements(part) {
			t.Errorf("the server is no %s", name)
		}
		for method := range part.Methods() {
			if slices.Contains(own, method.Name) == slices.Contains(withoutRequests, method.Name) {
				t.Errorf("%s must either have a context of its own or be known to ask nothing", method.Name)
			}
		}
	}
	if _, wrapped := NewServer("test")().(*server); !wrapped {
		t.Error("the framework's server isn't wrapped")
	}
}

// serverInterfaces returns the names of all server interfaces in the protocol package.
func serverInterfaces(t *testing.T) []string {
	t.Helper()
	folder, err := build.Import(protocol, ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder.Dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		for _, declared := range parse(t, file).Decls {
			general, _ := declared.(*ast.GenDecl)
			if general == nil {
				continue
			}
			for _, spec := range general.Specs {
				declaration, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if _, ok := declaration.Type.(*ast.InterfaceType); ok && strings.Contains(declaration.Name.Name, "Server") {
					names = append(names, declaration.Name.Name)
				}
			}
		}
	}
	if len(names) < len(knownInterfaces) {
		t.Fatalf("found only %v in %s", names, folder.Dir)
	}
	return names
}

// methodsOf returns the methods that a file declares on a pointer receiver.
func methodsOf(t *testing.T, file, receiver string) []string {
	t.Helper()
	var names []string
	for _, declared := range parse(t, file).Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Recv == nil {
			continue
		}
		if pointer, ok := function.Recv.List[0].Type.(*ast.StarExpr); ok && fmt.Sprint(pointer.X) == receiver {
			names = append(names, function.Name.Name)
		}
	}
	return names
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
