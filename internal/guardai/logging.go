package guardai

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

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
		fields["error"] = x.client.secrets.clean(a.err.Error())
		tflog.Warn(ctx, "GuardAI API call failed", fields)
		return
	}
	tflog.Debug(ctx, "GuardAI API call", fields)
}
