package faults

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// describe returns a line for each object on the platform that says whether it is in state, and one for each entry of
// state that isn't on the platform. The lines are the same for every run of an operation: they have no ids.
func describe(s *sandbox.Server, state []string) ([]string, error) {
	var lines []string
	add := func(id, format string, args ...any) {
		managed := slices.Contains(state, id)
		state = slices.DeleteFunc(state, func(other string) bool { return other == id })
		lines = append(lines, fmt.Sprintf(format, args...)+fmt.Sprintf(", managed: %t", managed))
	}
	names := map[int64]string{}
	for _, org := range s.Organizations() {
		names[org.ID] = org.Name
		settings, err := describeSettings(org)
		if err != nil {
			return nil, err
		}
		add(fmt.Sprint(org.ID), "organization %s %s", org.Name, settings)
		for _, file := range s.Files(org.ID) {
			add(fmt.Sprintf("%d/%s/%s", org.ID, file.Type, file.Ref), "file %s/%s %s, unlisted: %t, %q", org.Name, file.Name, file.ContentType, file.Unlisted, file.Content)
		}
	}
	for _, kind := range []sandbox.DefinitionKind{sandbox.Transform, sandbox.Metric} {
		for id, name := range names {
			for _, d := range s.Definitions(kind, id) {
				add(d.ID, "%s %s/%s %s, %q", kind, name, d.Fields["name"], d.Fields["description"], d.Content)
			}
		}
	}
	for _, user := range s.Users() {
		for _, id := range user.Organizations {
			add(fmt.Sprintf("%d/%d", id, user.ID), "member %s/%s", names[id], user.Email)
		}
		user.Organizations = nil
		fields, err := json.Marshal(user)
		if err != nil {
			return nil, err
		}
		lines = append(lines, "user "+string(fields))
	}
	for range state {
		lines = append(lines, "in state alone")
	}
	slices.Sort(lines)
	return lines, nil
}

// describeSettings returns an organization's settings and unknown fields, without file references, which differ between
// runs.
func describeSettings(org sandbox.Organization) (string, error) {
	entries, _ := org.Settings["classMappingFiles"].([]any)
	for _, entry := range entries {
		if fields, ok := entry.(map[string]any); ok {
			fields["ref"] = ""
		}
	}
	slices.SortFunc(entries, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	content, err := json.Marshal([]any{org.Settings, org.Extra})
	return string(content), err
}

// difference returns the lines that only one of two sorted lists has, or has more often.
func difference(want, got []string) []string {
	var lines []string
	for len(want)+len(got) > 0 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			lines, want = append(lines, "missing: "+want[0]), want[1:]
		case len(want) == 0 || got[0] < want[0]:
			lines, got = append(lines, "unexpected: "+got[0]), got[1:]
		default:
			want, got = want[1:], got[1:]
		}
	}
	return lines
}

// forbidden matches what neither output nor logs nor state may contain: an API key, a file's content, a JSON Web Token,
// and signs of a crash or of a protocol violation.
var forbidden = regexp.MustCompile(sandbox.AdminKey + `|` + contentCanary + `|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.|` +
	`panic:|goroutine |plugin crashed|Plugin did not respond|inconsistent result|invalid plan|unexpected new value|This is a bug in the provider`)
