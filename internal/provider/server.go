package provider

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Option configures NewServer.
type Option func(*server)

// WithInterrupt cancels every call to the provider when ctx is done, as after Ctrl-C in a terminal. While an apply is
// still planning, the CLI doesn't ask providers to stop.
func WithInterrupt(ctx context.Context) Option {
	return func(s *server) { s.interrupt = ctx }
}

// NewServer returns a factory of protocol servers for the provider.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		framework := providerserver.NewProtocol6(New(version)())()
		complete, ok := framework.(frameworkServer)
		if !ok {
			return framework
		}
		s := &server{frameworkServer: complete, interrupt: context.Background()}
		for _, option := range options {
			option(s)
		}
		return s
	}
}

// frameworkServer is the set of interfaces that the framework's server implements.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server wraps the framework's server. Calls that Terraform makes for each object get a context of their own, which
// ends on an interrupt and releases the caller's context when the call is over.
type server struct {
	frameworkServer
	interrupt context.Context //nolint:containedctx // It lives as long as the server.
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.MoveResourceState)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.ReadDataSource)
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.CloseEphemeralResource)
}

func (s *server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return withCallContext(ctx, s, req, s.frameworkServer.PlanAction)
}

func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	call := s.newCallContext(ctx)
	stream, err := s.frameworkServer.ListResource(call, req) //nolint:contextcheck // It derives from the caller's.
	if err != nil || stream == nil || stream.Results == nil {
		call.release() //nolint:contextcheck // It creates no context.
		return stream, err
	}
	return &tfprotov6.ListResourceServerStream{Results: releaseAfter(call, stream.Results)}, nil
}

func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	call := s.newCallContext(ctx)
	stream, err := s.frameworkServer.InvokeAction(call, req) //nolint:contextcheck // It derives from the caller's.
	if err != nil || stream == nil || stream.Events == nil {
		call.release() //nolint:contextcheck // It creates no context.
		return stream, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: releaseAfter(call, stream.Events)}, nil
}

// withCallContext handles a call with a context of its own.
func withCallContext[Request, Response any](ctx context.Context, s *server, req Request, handle func(context.Context, Request) (Response, error)) (Response, error) {
	call := s.newCallContext(ctx)
	defer call.release()     //nolint:contextcheck // It creates no context.
	return handle(call, req) //nolint:contextcheck // It derives from the caller's.
}

// releaseAfter releases a call's context after its stream.
func releaseAfter[T any](call *releasableContext, stream iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer call.release()
		stream(yield)
	}
}

// releasableContext is the context of one call. It is canceled with the caller's context, on an interrupt, and when the
// call ends. It then no longer references the caller's context.
//
// This works around registerContext in the framework (internal/proto6server/serve.go), which derives a context from
// that of each call and keeps its cancel function until StopProvider. That would keep the call's context and its values
// in memory: about 10 KiB for each of the four calls that a plan makes for each object. A plan of 2,000 organizations
// would need 152 MiB instead of 69.
//
// The wrapper can go once the framework drops a context from contextCancels at the end of its call, and WithInterrupt
// has another place, such as an option of tf6server for gRPC interceptors.
type releasableContext struct {
	// Context carries the cancellation and no values.
	context.Context //nolint:containedctx // This type is a context itself.
	values          atomic.Pointer[context.Context]
	cancel          func()
}

func (s *server) newCallContext(caller context.Context) *releasableContext {
	ctx, cancel := context.WithCancelCause(context.Background())
	follow := func(other context.Context) (unfollow func() bool) {
		return context.AfterFunc(other, func() { cancel(context.Cause(other)) })
	}
	leaveCaller, leaveInterrupt := follow(caller), follow(s.interrupt) //nolint:contextcheck // It follows both contexts.
	call := &releasableContext{Context: ctx, cancel: func() {
		leaveCaller()
		leaveInterrupt()
		cancel(nil)
	}}
	call.values.Store(&caller)
	return call
}

func (c *releasableContext) release() {
	c.values.Store(nil)
	c.cancel()
	c.cancel = nil
}

func (c *releasableContext) Value(key any) any {
	// The inner context's values come first: the context package uses one to propagate cancellation.
	if value := c.Context.Value(key); value != nil {
		return value
	}
	if caller := c.values.Load(); caller != nil {
		return (*caller).Value(key)
	}
	return nil
}
