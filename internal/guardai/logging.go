package guardai

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logged is what a log says of a failure. What the platform said stays out: it may
// repeat what it was sent.
func logged(err error) string {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return "a failure on this side"
	case e.Kind == KindConnection:
		return e.Message
	case e.Kind == KindStatus:
		return http.StatusText(e.Status)
	case e.Kind == KindRedirect:
		return "a redirect that is not followed"
	}
	return "an answer that can't be used"
}

// logAttempt writes one line for each attempt. It names the call by its
// template and holds no header, no query value and no body. Where ctx carries no
// logger, nothing is written.
func (x *exchange) logAttempt(ctx context.Context, a attempt, resp *http.Response) {
	fields := map[string]any{
		"method":        a.method,
		"path":          x.call.template,
		"attempt":       a.number,
		"duration_ms":   time.Since(x.began).Milliseconds(),
		"request_bytes": x.call.size,
	}
	if a.status != 0 {
		fields["status"] = a.status
	}
	if resp != nil && resp.ContentLength >= 0 {
		fields["response_bytes"] = resp.ContentLength
	}
	if a.err != nil {
		fields["error"] = x.client.secrets.clean(logged(a.err))
		tflog.Warn(ctx, "GuardAI API call failed", fields)
		return
	}
	tflog.Debug(ctx, "GuardAI API call", fields)
}
