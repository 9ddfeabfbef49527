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
	// CauseBroken is a connection that was made and broke.
	CauseBroken Cause = iota
	// CauseUnreachable is an address where nobody accepts a connection.
	CauseUnreachable
	// CauseLookup is a host name that can't be looked up for now.
	CauseLookup
	// CauseUnknownHost is a host name that doesn't exist.
	CauseUnknownHost
	// CauseTLS is a certificate or a version of TLS that isn't accepted.
	CauseTLS
	// CausePlainHTTP is a server that talks plain HTTP where https was expected.
	CausePlainHTTP
	// CauseTimeout is a platform that wasn't heard for too long.
	CauseTimeout
)

// permanent says whether trying again can't change it.
func (c Cause) permanent() bool {
	return c == CauseUnknownHost || c == CauseTLS || c == CausePlainHTTP
}

// unreachable says whether the address is likely wrong, so that trying again for long is in vain.
func (c Cause) unreachable() bool { return c == CauseUnreachable || c == CauseLookup }

func causeOf(err error) Cause {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	timeout, isTimeout := errors.AsType[net.Error](err)
	switch {
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

// isPlainHTTP says whether what came in place of TLS is the start of an HTTP response.
func isPlainHTTP(err error) bool {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && string(record.RecordHeader[:]) == "HTTP/"
}

func isTLS(err error) bool {
	// An alert of the other side is an operation of its own.
	op, isOp := errors.AsType[*net.OpError](err)
	return isA[*tls.CertificateVerificationError](err) || isA[x509.UnknownAuthorityError](err) || isA[x509.HostnameError](err) ||
		isA[x509.CertificateInvalidError](err) || isA[tls.RecordHeaderError](err) || isOp && op.Op == "remote error"
}
