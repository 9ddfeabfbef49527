package component

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// AddError reports err. The summary says what was attempted.
func AddError(diags *diag.Diagnostics, summary string, err error) {
	diags.AddError(summary, Detail(err))
}

// AddAttributeError is AddError for an error that an attribute causes.
func AddAttributeError(diags *diag.Diagnostics, at path.Path, summary string, err error) {
	diags.AddAttributeError(at, summary, Detail(err))
}

// Detail describes err in sentences: the call, its status and the platform's message, and a remedy if there is one.
func Detail(err error) string {
	detail := withFullStop(err.Error())
	if remedy := Remedy(err); remedy != "" {
		detail += "\n\n" + remedy
	}
	return detail
}

// AddNotAccepted reports a value that the platform changed. planned and actual are the values as a user reads them. For a
// new object, that is a warning: after an error, Terraform would replace the object in each apply. State must keep the
// planned value, so that the next plan shows the difference.
func AddNotAccepted(diags *diag.Diagnostics, at path.Path, planned, actual string, created bool) {
	const summary = "The platform did not accept a value"
	detail := fmt.Sprintf(
		"The plan sets %s to %s, but after the write the platform has %s. Set a value that the platform accepts, or remove the argument to leave it to the platform.",
		at, planned, actual)
	if created {
		diags.AddAttributeWarning(at, summary, detail+" Until then, each plan changes it again.")
		return
	}
	diags.AddAttributeError(at, summary, detail)
}

// AddRecovered warns that the response to a create was lost and that a lookup found the result. result describes it and
// how it was found.
func AddRecovered(diags *diag.Diagnostics, summary, result string, recoveredFrom error) {
	diags.AddWarning(summary, result+" If another run created the same at the same time, check that this is the right one.\n\nThe call ended with: "+withFullStop(recoveredFrom.Error()))
}

// UnwrapPathError removes the path from a file system error, for callers that name the path themselves.
func UnwrapPathError(err error) error {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err
	}
	return err
}

// withFullStop ends a text with exactly one full stop, unless it ends with another mark.
func withFullStop(text string) string {
	if strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return strings.TrimRight(text, ".") + "."
}

// Remedy returns what a user can do about a failed call, or an empty string.
func Remedy(err error) string {
	e, ok := errors.AsType[*guardai.Error](err)
	if !ok {
		return ""
	}
	if unknown, ok := errors.AsType[*guardai.UnknownOutcomeError](err); ok {
		return remedyForUnknownOutcome(unknown, remedyForKind(e))
	}
	return remedyForKind(e)
}

// remedyForUnknownOutcome describes the possible result of a create whose response was lost. otherwise is the remedy if
// nothing was created.
func remedyForUnknownOutcome(unknown *guardai.UnknownOutcomeError, otherwise string) string {
	switch {
	case unknown.LookupErr != nil:
		return fmt.Sprintf("The platform may have carried it out although no usable response came, and the provider couldn't find the result: %s. "+
			"Before you apply again, look for it on the platform. If it exists, import it with terraform import ADDRESS ID, or delete it.", unknown.LookupErr)
	case len(unknown.Candidates) > 0:
		return fmt.Sprintf("The platform may have carried it out although no usable response came, and the provider can't tell which object on the platform is the result. Possible import ids: %s. "+
			"Find out which one belongs to this resource, and import it with terraform import ADDRESS ID. Delete those that nobody needs. Then apply again.", JoinLimited(unknown.Candidates, ", "))
	}
	return "No usable response came. The provider looked on the platform and found nothing, so nothing was created. " + otherwise
}

func remedyForKind(e *guardai.Error) string {
	switch e.Kind {
	case rest.KindStatus:
		return remedyForStatus(e)
	case rest.KindNotFound:
		return "It doesn't exist on the platform, or no longer does. Check the ID and host."
	case rest.KindForbidden:
		if e.Admin {
			return "Use the credentials of an administrator."
		}
		return "Use the credentials of a member of the organization or of an administrator."
	case rest.KindLogin:
		return "The platform doesn't accept the API key. Check api_key_id and api_key (GUARDAI_API_KEY_ID and GUARDAI_API_KEY, or connection.api-key-id and connection.api-key in config_file); " +
			"you create API keys in your profile in GuardAI's web interface, and each belongs to one platform, so check host too."
	case rest.KindConnection:
		return remedyForConnection(e.Cause)
	case rest.KindInvalidResponse:
		return "Check that host is the address of the GuardAI API, with its path prefix if it has one, and not of a web page or a proxy's login."
	case rest.KindRetryLater:
		return "The platform is limiting requests. Run again after that time; a lower -parallelism or max_requests_per_second sends fewer requests at once."
	case rest.KindRedirect:
		return "The provider doesn't follow redirects to another address, so that it sends the credentials nowhere else. If that address is the platform's, set host to it."
	case rest.KindCanceled:
		return "Run again to go on from where this stopped."
	}
	return ""
}

func remedyForConnection(cause rest.Cause) string {
	switch cause {
	case rest.CauseUnreachable:
		return "Nothing accepts connections at that address. Check host and its port, that the platform is running, and the proxy settings of the environment."
	case rest.CauseLookup, rest.CauseUnknownHost:
		return "Check the name in host, and the DNS and proxy settings of this machine."
	case rest.CauseTLS:
		return "The certificate isn't trusted here, isn't for the name in host, or the two sides share no version of TLS. For a private certificate authority set ca_certificate (GUARDAI_CA_CERTIFICATE); otherwise check host."
	case rest.CausePlainHTTP:
		return "That address speaks plain HTTP. Check the port in host; if the platform really has no TLS, start host with http://."
	case rest.CauseProxyDenied:
		return "Check the user name and password of the proxy, and whether it allows connections to host. To reach the platform without the proxy, add its name to NO_PROXY."
	case rest.CauseProxy:
		return "The proxy can't reach the platform. Check host, and the proxy settings of the environment."
	case rest.CauseTimeout:
		return "Check that the platform can be reached from here, through firewalls and proxies. A platform that is only slow needs a longer request_timeout (GUARDAI_REQUEST_TIMEOUT)."
	default:
		return "The network or something between here and the platform, such as a proxy, broke the connection. Run again; if it happens every time, check host and the proxy settings of the environment."
	}
}

func remedyForStatus(e *guardai.Error) string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "The platform doesn't accept the credentials. A token may have expired: set a new one (token, GUARDAI_TOKEN), or an API key, for which the provider gets new tokens as needed."
	case e.Status == http.StatusForbidden, e.Status == http.StatusNotFound:
		return "The response isn't in the platform's own form, so it comes from something in between, such as a gateway or a proxy. Check host, with its path prefix if it has one."
	case e.Status == http.StatusTooManyRequests || e.Status >= http.StatusInternalServerError:
		return "The platform couldn't process the request. Run again later; max_retries sets how often the provider retries."
	}
	return ""
}

// errHTMLPage reports an HTML page in place of a file, such as a proxy's login page.
var errHTMLPage = &guardai.InvalidResponseError{Problem: "it is an HTML page, and the file is not; is host the address of the GuardAI API?"}

// RejectHTMLPage returns an error if a download is an HTML page but the file isn't. expected is the media type that the
// platform reports for the file; if it is empty, every content type is accepted.
func RejectHTMLPage(contentType, expected string) error {
	const page = "text/html"
	if expected != "" && strings.HasPrefix(contentType, page) && !strings.HasPrefix(expected, page) {
		return errHTMLPage
	}
	return nil
}
