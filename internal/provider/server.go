package provider

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer returns a constructor of the provider's server, for the protocol to
// serve.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		served := providerserver.NewProtocol6(New(version, options...)())()
		if framework, ok := served.(frameworkServer); ok {
			return &server{framework}
		}
		return served
	}
}

// frameworkServer is what the framework's server offers.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's, but for what it keeps. The framework remembers how to
// cancel each call until the provider is stopped, and with that the call's context
// and all that hangs on it: about 10 KiB for each of the four calls that a plan
// makes for each object. The calls that come once for each object therefore get a
// context that lets go of everything at their end.
type server struct{ frameworkServer }

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return during(ctx, req, s.frameworkServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return during(ctx, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return during(ctx, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return during(ctx, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return during(ctx, req, s.frameworkServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return during(ctx, req, s.frameworkServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return during(ctx, req, s.frameworkServer.ImportResourceState)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return during(ctx, req, s.frameworkServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return during(ctx, req, s.frameworkServer.ReadDataSource)
}

// during makes a call with a context that is over when the call is.
func during[Request, Response any](ctx context.Context, req Request, call func(context.Context, Request) (Response, error)) (Response, error) {
	lent := &lentContext{}
	lent.lender.Store(&ctx)
	defer lent.lender.Store(nil) //nolint:contextcheck // It makes no context.
	return call(lent, req)       //nolint:contextcheck // The lent one is the caller's.
}

// lentContext is another context until that is taken away; then it is canceled.
type lentContext struct {
	lender atomic.Pointer[context.Context]
}

// canceled is the channel of a context that was taken away.
var canceled = func() chan struct{} {
	closed := make(chan struct{})
	close(closed)
	return closed
}()

func (l *lentContext) Deadline() (deadline time.Time, ok bool) {
	if ctx := l.lender.Load(); ctx != nil {
		return (*ctx).Deadline()
	}
	return time.Time{}, false
}

func (l *lentContext) Done() <-chan struct{} {
	if ctx := l.lender.Load(); ctx != nil {
		return (*ctx).Done()
	}
	return canceled
}

func (l *lentContext) Err() error {
	if ctx := l.lender.Load(); ctx != nil {
		return (*ctx).Err()
	}
	return context.Canceled
}

func (l *lentContext) Value(key any) any {
	if ctx := l.lender.Load(); ctx != nil {
		return (*ctx).Value(key)
	}
	return nil
}
