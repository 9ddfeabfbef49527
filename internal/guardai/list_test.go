package guardai

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// All calls that return a list validate it equally strictly.
func TestInvalidLists(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body string
		kind              rest.ErrorKind
		words             string
	}{
		"HTML":             {"text/html", "<html></html>", rest.KindInvalidResponse, "HTML page"},
		"HTML called JSON": {"application/json", "<html></html>", rest.KindInvalidResponse, "not valid JSON"},
		"empty":            {"application/json", "", rest.KindInvalidResponse, "is empty"},
		"an object":        {"application/json", `{"id":1}`, rest.KindInvalidResponse, "not a JSON array"},
		"null in it":       {"application/json", `[{"id":1},null]`, rest.KindInvalidResponse, "is null"},
		"text in it":       {"application/json", `[{"id":1},"x"]`, rest.KindInvalidResponse, "JSON string"},
		"no comma":         {"application/json", `[{"id":1}{"id":2}]`, rest.KindInvalidResponse, "not valid JSON"},
		"wrong end":        {"application/json", `[{"id":1}}`, rest.KindInvalidResponse, "not valid JSON"},
		"two lists":        {"application/json", `[][]`, rest.KindInvalidResponse, "more after"},
		"cut in a member":  {"application/json", `[{"id":1},{"id":`, rest.KindConnection, "broke"},
		"cut after one":    {"application/json", `[{"id":1}`, rest.KindConnection, "broke"},
		"cut after comma":  {"application/json", `[{"id":1},`, rest.KindConnection, "broke"},
		"cut at the start": {"application/json", `[`, rest.KindConnection, "broke"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusOK, test.contentType, test.body))
			client := p.client(t, func(cfg *Config) { cfg.MaxRetries = 0 })
			members, err := client.ListMembers(background(t), 7, true)
			checkInvalidList(t, members, err, test.kind, test.words)
			transforms, err := client.ListTransforms(background(t), 7)
			checkInvalidList(t, transforms, err, test.kind, test.words)
			definitions, err := client.ListHPODefinitions(background(t), 7)
			checkInvalidList(t, definitions, err, test.kind, test.words)
		})
	}
}

// This takes long under the race detector, so it has no deadline.
func TestListThatIsTooLarge(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusOK, "application/json", `[`+strings.Repeat(" ", rest.MaxJSON)+`]`))
	transforms, err := p.client(t).ListTransforms(t.Context(), 7)
	checkInvalidList(t, transforms, err, rest.KindInvalidResponse, "larger than 64 MiB")
}

func checkInvalidList[T any](t *testing.T, list []T, err error, kind rest.ErrorKind, words string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind || !strings.Contains(e.Message, words) {
		t.Errorf("got %+v; want kind %d with %q", err, kind, words)
	}
	if list != nil {
		t.Errorf("got a list along with the error: %+v", list)
	}
}

// Each element is converted before the next one arrives.
func TestListIsDecodedAsAStream(t *testing.T) {
	t.Parallel()
	body, platform := io.Pipe()
	decoded := make(chan int)
	failure := make(chan error, 1)
	go func() {
		defer close(decoded)
		_, err := rest.DecodeList(&rest.Response{Body: body}, func(element int) (int, error) {
			decoded <- element
			return element, nil
		})
		failure <- err
	}()
	for want, text := range []string{"[0", ",1", ",2", "]"} {
		if _, err := io.WriteString(platform, text); err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			continue // Only the next character ends a number.
		}
		if got := <-decoded; got != want-1 {
			t.Errorf("got %d, want %d", got, want-1)
		}
	}
	_ = platform.Close()
	if err := <-failure; err != nil {
		t.Error(err)
	}
}

func TestPartialListEntriesAreReadByID(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case organizationsPath:
			respond(http.StatusOK, "application/json", `[{"id":3},{"id":1,"name":"whole","settings":{}},{"id":2,"name":"half"}]`)(w, r)
		case organizationsPath + "/2":
			respond(http.StatusOK, "application/json", `{"id":2,"name":"read","settings":{}}`)(w, r)
		default:
			respond(http.StatusNotFound, "application/json", springError(404, "deleted"))(w, r)
		}
	})
	client := p.client(t)
	for range 2 {
		all, err := client.ListOrganizations(background(t))
		if err != nil || len(all) != 2 || all[0].Name != "whole" || all[1].Name != "read" {
			t.Errorf("got %+v, %v", all, err)
		}
	}
	if got := p.count(http.MethodGet); got != 4 {
		t.Errorf("got %d requests, want one list, one read of the existing organization, and two of the missing one", got)
	}
}
