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
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	var idle *idleError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), isPlainHTTP(err):
		return CausePlainHTTP
	case isTLS(err):
		return CauseTLS
	case errors.As(err, &dns) && dns.IsNotFound:
		return CauseUnknownHost
	case errors.As(err, &dns):
		return CauseLookup
	case errors.As(err, &idle), errors.As(err, &timeout) && timeout.Timeout():
		return CauseTimeout
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		return CauseUnreachable
	}
	return CauseBroken
}

// isPlainHTTP says whether what came in place of TLS is the start of an HTTP response.
func isPlainHTTP(err error) bool {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && string(record.RecordHeader[:]) == "HTTP/"
}

func isTLS(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var op *net.OpError
	// An alert of the other side is an operation of its own.
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) ||
		errors.As(err, &invalid) || errors.As(err, &record) || (errors.As(err, &op) && op.Op == "remote error")
}
