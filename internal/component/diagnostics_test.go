package component

import (
	"errors"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func TestRemedies(t *testing.T) {
	t.Parallel()
	broken := func(cause rest.Cause) error { return &guardai.Error{Kind: rest.KindConnection, Cause: cause} }
	status := func(code int) error { return &guardai.Error{Kind: rest.KindStatus, Status: code} }
	unknown := func(change func(*guardai.UnknownOutcomeError)) error {
		e := &guardai.UnknownOutcomeError{Err: status(502)}
		change(e)
		return e
	}
	file := guardai.FileKey{OrganizationID: 42, Type: "class mapping", Ref: "a/b"}
	for name, test := range map[string]struct {
		err       error
		says, not string
	}{
		"unreachable":      {broken(rest.CauseUnreachable), "Check host and its port", "request_timeout"},
		"lookup":           {broken(rest.CauseLookup), "DNS", "request_timeout"},
		"unknown host":     {broken(rest.CauseUnknownHost), "DNS", "request_timeout"},
		"TLS":              {broken(rest.CauseTLS), "ca_certificate", "request_timeout"},
		"plain HTTP":       {broken(rest.CausePlainHTTP), "http://", "ca_certificate"},
		"timeout":          {broken(rest.CauseTimeout), "request_timeout", "ca_certificate"},
		"broken":           {broken(rest.CauseBroken), "Run again", "request_timeout"},
		"login":            {&guardai.Error{Kind: rest.KindLogin}, "api_key_id", "token ("},
		"invalid response": {&guardai.Error{Kind: rest.KindInvalidResponse}, "path prefix", ""},
		"retry later":      {&guardai.Error{Kind: rest.KindRetryLater}, "max_requests_per_second", ""},
		"redirect":         {&guardai.Error{Kind: rest.KindRedirect}, "set host to it", ""},
		"canceled":         {&guardai.Error{Kind: rest.KindCanceled}, "Run again to go on", ""},
		"unauthorized":     {status(401), "GUARDAI_TOKEN", ""},
		"forbidden":        {&guardai.Error{Kind: rest.KindForbidden, Status: 403}, "member of the organization", ""},
		"admin":            {&guardai.Error{Kind: rest.KindForbidden, Status: 403, Admin: true}, "credentials of an administrator", ""},
		"not found":        {&guardai.Error{Kind: rest.KindNotFound, Status: 404}, "doesn't exist on the platform", ""},
		"busy":             {status(503), "max_retries", ""},
		"not created":      {unknown(func(*guardai.UnknownOutcomeError) {}), "nothing was created", "terraform import"},
		"lookup failed":    {unknown(func(e *guardai.UnknownOutcomeError) { e.LookupErr = errors.New("no list") }), "couldn't find the result: no list", "nothing was created"},
		"organizations":    {unknown(func(e *guardai.UnknownOutcomeError) { e.Candidates = []string{"3", "4"} }), "import ids: 3, 4.", "nothing was created"},
		"files":            {unknown(func(e *guardai.UnknownOutcomeError) { e.Candidates = []string{file.String()} }), "import ids: 42/class%20mapping/a%2Fb.", "nothing was created"},
		"another error":    {errors.New("no such file"), "no such file.", "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			detail := Detail(test.err)
			if !strings.Contains(detail, test.says) || (test.not != "" && strings.Contains(detail, test.not)) {
				t.Errorf("want %q and not %q in: %s", test.says, test.not, detail)
			}
		})
	}
}
