package provider

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Option changes how NewServer serves the provider.
type Option func(*server)

// WithInterrupt cancels every call to the provider once ctx is over, as Ctrl-C in a terminal does: while an apply is
// still planning, the CLI doesn't ask providers to stop.
func WithInterrupt(ctx context.Context) Option {
	return func(s *server) { s.interrupt = ctx }
}

// NewServer returns a constructor of the provider's server, for the protocol to serve.
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

// frameworkServer is what the framework's server offers.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's, but for the contexts of calls that come once for each object. Those end at an interrupt
// too, and hold nothing once the call is over.
type server struct {
	frameworkServer
	interrupt context.Context //nolint:containedctx // It lives as long as the server does.
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return during(ctx, s, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return during(ctx, s, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return during(ctx, s, req, s.frameworkServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return during(ctx, s, req, s.frameworkServer.MoveResourceState)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return during(ctx, s, req, s.frameworkServer.ReadDataSource)
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return during(ctx, s, req, s.frameworkServer.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return during(ctx, s, req, s.frameworkServer.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return during(ctx, s, req, s.frameworkServer.CloseEphemeralResource)
}

func (s *server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return during(ctx, s, req, s.frameworkServer.PlanAction)
}

func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	call := s.begin(ctx)
	stream, err := s.frameworkServer.ListResource(call, req) //nolint:contextcheck // It is the caller's.
	if err != nil || stream == nil || stream.Results == nil {
		call.end() //nolint:contextcheck // It makes no context.
		return stream, err
	}
	return &tfprotov6.ListResourceServerStream{Results: endAfter(call, stream.Results)}, nil
}

func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	call := s.begin(ctx)
	stream, err := s.frameworkServer.InvokeAction(call, req) //nolint:contextcheck // It is the caller's.
	if err != nil || stream == nil || stream.Events == nil {
		call.end() //nolint:contextcheck // It makes no context.
		return stream, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: endAfter(call, stream.Events)}, nil
}

// during makes a call with a context of its own.
func during[Request, Response any](ctx context.Context, s *server, req Request, handle func(context.Context, Request) (Response, error)) (Response, error) {
	call := s.begin(ctx)
	defer call.end()         //nolint:contextcheck // It makes no context.
	return handle(call, req) //nolint:contextcheck // It is the caller's.
}

// endAfter ends a call with its stream.
func endAfter[T any](call *releasableContext, stream iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer call.end()
		stream(yield)
	}
}

// releasableContext is the context of one call to the provider: canceled with its caller's, at an interrupt, and when
// the call ends, from when on it holds nothing of its caller's.
//
// The framework's registerContext (internal/proto6server/serve.go) derives a context from that of each call, and
// appends its cancel function to a list that is emptied by StopProvider alone. With that it keeps the call's context
// and all the values in it until the provider is stopped: about 10 KiB for each of the four calls that a plan makes
// for each object.
type releasableContext struct {
	// Context is canceled, and holds no values.
	context.Context //nolint:containedctx // It is a part of this one.
	values          atomic.Pointer[context.Context]
	release         func()
}

// begin makes the context of a call.
func (s *server) begin(caller context.Context) *releasableContext {
	ctx, cancel := context.WithCancelCause(context.Background())
	follow := func(other context.Context) (unfollow func() bool) {
		return context.AfterFunc(other, func() { cancel(context.Cause(other)) })
	}
	leaveCaller, leaveInterrupt := follow(caller), follow(s.interrupt) //nolint:contextcheck // The call has two.
	call := &releasableContext{Context: ctx, release: func() {
		leaveCaller()
		leaveInterrupt()
		cancel(nil)
	}}
	call.values.Store(&caller)
	return call
}

func (c *releasableContext) end() {
	c.values.Store(nil)
	c.release()
	c.release = nil
}

func (c *releasableContext) Value(key any) any {
	// Its own first: that is how contexts find whom to be canceled by.
	if value := c.Context.Value(key); value != nil {
		return value
	}
	if caller := c.values.Load(); caller != nil {
		return (*caller).Value(key)
	}
	return nil
}
