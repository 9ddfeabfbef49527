package rest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
)

// Cause is why a connection failed.
type Cause int

const (
	// CauseBroken is a connection that broke after it was established.
	CauseBroken Cause = iota
	// CauseUnreachable is an address that accepts no connections.
	CauseUnreachable
	// CauseLookup is a temporary failure to look up the host name.
	CauseLookup
	// CauseUnknownHost is a host name that doesn't exist.
	CauseUnknownHost
	// CauseTLS is a rejected certificate or another failed TLS handshake.
	CauseTLS
	// CausePlainHTTP is a plain HTTP server at an https URL.
	CausePlainHTTP
	// CauseProxy is a proxy that refuses to pass requests on.
	CauseProxy
	// CauseProxyDenied is a proxy that refuses this client.
	CauseProxyDenied
	// CauseTimeout is an attempt without progress for too long.
	CauseTimeout
)

// permanent reports whether a retry can't help.
func (c Cause) permanent() bool {
	return c == CauseUnknownHost || c == CauseTLS || c == CausePlainHTTP || c == CauseProxyDenied
}

// unreachable reports whether the address is probably wrong, so that only a few retries make sense.
func (c Cause) unreachable() bool { return c == CauseUnreachable || c == CauseLookup }

func causeOf(err error) Cause {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	timeout, isTimeout := errors.AsType[net.Error](err)
	proxy, isProxy := errors.AsType[*proxyError](err)
	switch {
	case isProxy:
		return proxy.cause()
	case errors.Is(err, http.ErrSchemeMismatch), isPlainHTTP(err):
		return CausePlainHTTP
	case isTLS(err):
		return CauseTLS
	case isDNS && dns.IsNotFound:
		return CauseUnknownHost
	case isDNS:
		return CauseLookup
	case isA[*idleError](err), isTimeout && timeout.Timeout():
		return CauseTimeout
	case isOp && (op.Op == "dial" || op.Op == "proxyconnect"):
		return CauseUnreachable
	}
	return CauseBroken
}

func isA[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// isPlainHTTP reports whether the server sent an HTTP response in place of a TLS record.
func isPlainHTTP(err error) bool {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && string(record.RecordHeader[:]) == "HTTP/"
}

func isTLS(err error) bool {
	// An alert from the server is an OpError with this Op.
	op, isOp := errors.AsType[*net.OpError](err)
	return isA[*tls.CertificateVerificationError](err) || isA[x509.UnknownAuthorityError](err) || isA[x509.HostnameError](err) ||
		isA[x509.CertificateInvalidError](err) || isA[tls.RecordHeaderError](err) || isOp && op.Op == "remote error"
}
