//go:build slow

package gitops_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// These match the example's backend.tf.
const (
	bucketName = "example-terraform-state"
	region     = "eu-west-1"
)

// bucket is a versioned bucket on its own S3 server.
type bucket struct {
	url         string
	credentials aws.Credentials
}

// newBucket starts versitygw, an S3 server. It listens on a Unix socket behind a proxy, because it can't pick a free
// port.
func newBucket(t *testing.T, server string) *bucket {
	t.Helper()
	// The path of a Unix socket is limited to about 100 characters, which t.TempDir may exceed.
	dir, err := os.MkdirTemp("", "s3-") //nolint:usetesting // See above.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	for _, folder := range []string{"buckets/" + bucketName, "versions"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b := &bucket{credentials: aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test-secret"}}
	socket := filepath.Join(dir, "socket")
	b.serve(t, server, dir, socket)
	b.url = b.startProxy(t, socket)
	b.request(t, http.MethodPut, url.Values{"versioning": {""}}, "", `<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`)
	return b
}

// serve starts the server and waits until it accepts connections: its log announces that too early.
func (b *bucket) serve(t *testing.T, program, dir, socket string) {
	t.Helper()
	server, err := cli.Start(cli.Command(t.Context(), program, "--port", socket, "--region", region,
		"--access", b.credentials.AccessKeyID, "--secret", b.credentials.SecretAccessKey,
		"posix", "--versioning-dir", filepath.Join(dir, "versions"), filepath.Join(dir, "buckets")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.KillGroup)
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(t.Context(), "unix", socket)
		if err == nil {
			_ = connection.Close()
			return
		}
		select {
		case <-server.Done:
			t.Fatalf("the S3 server ended:\n%s", server.Log())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// toolPath returns the path of a tool that internal/tools pins. Go builds it if it isn't cached.
func toolPath(t *testing.T, name string) string {
	t.Helper()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	command := cli.Command(t.Context(), "go", "tool", "-modfile="+filepath.Join(root, "internal", "tools", name, "go.mod"), "-n", name)
	command.Dir, command.Env = root, append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	output, err := cli.RequireSuccess(command)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(output.Stdout)
}

// startProxy forwards HTTP requests to a Unix socket, and returns its URL.
func (b *bucket) startProxy(t *testing.T, socket string) string {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Transport: &deleteMarkerTransport{transport: transport, credentials: b.credentials},
		Rewrite: func(r *httputil.ProxyRequest) {
			// The client's signature includes the host.
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", "s3", r.In.Host
		},
	})
	t.Cleanup(func() {
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return proxy.URL
}

// deleteMarkerTransport works around a bug of the pinned server. S3 accepts "If-None-Match: *" if the latest version of
// the object is a delete marker, but the server doesn't. In that case the header is removed, for one request at a time.
type deleteMarkerTransport struct {
	transport   http.RoundTripper
	credentials aws.Credentials
	mutex       sync.Mutex
}

func (o *deleteMarkerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	const condition = "If-None-Match"
	if r.Method != http.MethodPut || r.Header.Get(condition) == "" {
		return o.transport.RoundTrip(r)
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	head := &http.Request{Method: http.MethodHead, URL: &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.Path}, Header: http.Header{}}
	head = head.WithContext(r.Context())
	if err := sign(head, o.credentials, unsignedPayload); err != nil {
		return nil, err
	}
	existing, err := o.transport.RoundTrip(head)
	if err != nil {
		return nil, err
	}
	if err := existing.Body.Close(); err != nil {
		return nil, err
	}
	if existing.StatusCode == http.StatusNotFound {
		r = r.Clone(r.Context())
		r.Header.Del(condition)
		if err := sign(r, o.credentials, r.Header.Get(payloadHeader)); err != nil {
			return nil, err
		}
	}
	return o.transport.RoundTrip(r)
}

const (
	payloadHeader   = "X-Amz-Content-Sha256"
	unsignedPayload = "UNSIGNED-PAYLOAD"
)

// sign signs a request. payload is the hash of its body, or unsignedPayload.
func sign(r *http.Request, credentials aws.Credentials, payload string) error {
	r.Header.Set(payloadHeader, payload)
	return signer.NewSigner().SignHTTP(r.Context(), credentials, r, payload, "s3", region, time.Now())
}

// environ returns the variables that the AWS action sets. Path-style addressing is needed because the host is an IP
// address, and there is no service to look up accounts.
func (b *bucket) environ() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + b.credentials.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + b.credentials.SecretAccessKey, "AWS_REGION=" + region,
		"AWS_ENDPOINT_URL_S3=" + b.url, "AWS_EC2_METADATA_DISABLED=true",
		"TF_CLI_ARGS_init=-no-color -backend-config=use_path_style=true -backend-config=skip_credentials_validation=true -backend-config=skip_requesting_account_id=true",
	}
}

// versions returns the version ids of an object, newest first.
func (b *bucket) versions(t *testing.T, key string) []string {
	t.Helper()
	var list struct {
		Versions []struct {
			Key       string
			VersionID string `xml:"VersionId"`
		} `xml:"Version"`
	}
	if err := xml.Unmarshal(b.request(t, http.MethodGet, url.Values{"versions": {""}, "prefix": {key}}, "", ""), &list); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, version := range list.Versions {
		if version.Key == key {
			ids = append(ids, version.VersionID)
		}
	}
	return ids
}

func (b *bucket) get(t *testing.T, key, version string) string {
	t.Helper()
	return string(b.request(t, http.MethodGet, url.Values{"versionId": {version}}, "/"+key, ""))
}

// request sends a signed request that must succeed.
func (b *bucket) request(t *testing.T, method string, query url.Values, path, body string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, b.url+"/"+bucketName+path+"?"+query.Encode(), bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := sign(request, b.credentials, unsignedPayload); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if closing := response.Body.Close(); err != nil || closing != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %v %v\n%s", method, request.URL, response.Status, err, closing, content)
	}
	return content
}
