package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// object is an organization, a file, a user or a membership.
type object struct {
	// name identifies the object in every run of an operation, and id in this run.
	name, id string
	// content is an organization's settings, a file's attributes and hash, or a user's fields.
	content string
}

// listObjects returns all objects in the sandbox.
func listObjects(s *sandbox.Server) ([]object, error) {
	var all []object
	for _, org := range s.Organizations() {
		content, err := describeSettings(org)
		if err != nil {
			return nil, err
		}
		all = append(all, object{"organization " + org.Name, fmt.Sprint(org.ID), content})
		for _, file := range s.Files(org.ID) {
			hash := sha256.Sum256(file.Content)
			all = append(all, object{
				"file " + org.Name + "/" + file.Name, fmt.Sprintf("%d/%s/%s", org.ID, file.Type, file.Ref),
				fmt.Sprintf("%s %t %s", file.ContentType, file.Unlisted, hex.EncodeToString(hash[:])),
			})
		}
	}
	for _, user := range s.Users() {
		organizations := user.Organizations
		user.Organizations = nil // Their ids differ between runs.
		content, err := json.Marshal(user)
		if err != nil {
			return nil, err
		}
		all = append(all, object{"user " + user.Email, "", string(content)})
		for _, id := range organizations {
			org, _ := s.Organization(id)
			all = append(all, object{"member " + org.Name + "/" + user.Email, fmt.Sprintf("%d/%d", id, user.ID), ""})
		}
	}
	return all, nil
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

// snapshot is the objects on the platform, and the ids in state.
type snapshot struct {
	objects []object
	state   []string
}

func (s snapshot) named(name string) []object {
	return slices.DeleteFunc(slices.Clone(s.objects), func(o object) bool { return o.name != name })
}

// untracked returns the names of objects that aren't in state.
func (s snapshot) untracked() []string {
	var names []string
	for _, o := range s.objects {
		if !slices.Contains(s.state, o.id) {
			names = append(names, o.name)
		}
	}
	return names
}

type damage struct {
	// Lost counts objects that are missing on the platform or in state, and entries of state without an object.
	Lost int
	// Doubled counts duplicate objects.
	Doubled int
	// Settings counts objects with unexpected content.
	Settings int
	// Secrets counts leaked secrets, and requests to the second host.
	Secrets int
	// Panics counts signs of a crash or of a protocol violation.
	Panics int
}

func (d damage) add(other damage) damage {
	return damage{
		d.Lost + other.Lost, d.Doubled + other.Doubled, d.Settings + other.Settings,
		d.Secrets + other.Secrets, d.Panics + other.Panics,
	}
}

// compare counts the differences from the snapshot of the same operation without a fault.
func (s snapshot) compare(expected snapshot) damage {
	var d damage
	for _, name := range names(s.objects, expected.objects) {
		here, there := s.named(name), expected.named(name)
		d.Lost += max(len(there)-len(here), 0)
		if len(there) > 0 {
			d.Doubled += max(len(here)-len(there), 0)
		}
		for i := range min(len(here), len(there)) {
			if here[i].content != there[i].content {
				d.Settings++
			}
		}
	}
	untracked := expected.untracked()
	for _, name := range s.untracked() {
		if i := slices.Index(untracked, name); i >= 0 {
			untracked = slices.Delete(untracked, i, i+1)
		} else if known := len(expected.named(name)); known == 0 || len(s.named(name)) <= known {
			// Otherwise, it is counted as doubled.
			d.Lost++
		}
	}
	for _, id := range s.state {
		if !slices.ContainsFunc(s.objects, func(o object) bool { return o.id == id }) {
			d.Lost++
		}
	}
	return d
}

// names returns the unique names of objects.
func names(lists ...[]object) []string {
	var all []string
	for _, list := range lists {
		for _, o := range list {
			all = append(all, o.name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// jwt matches a JSON Web Token with a JSON header.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.`)

// crashMarkers are texts that follow from a crash of the provider or a violation of the CLI's rules.
var crashMarkers = []string{
	"panic:", "goroutine ", "plugin crashed", "Plugin did not respond", "inconsistent result",
	"invalid plan", "unexpected new value", "This is a bug in the provider",
}

// leaks counts secrets and crashes in texts.
func leaks(texts ...string) damage {
	var d damage
	for _, text := range texts {
		for _, secret := range []string{sandbox.AdminKey, contentCanary} {
			if strings.Contains(text, secret) {
				d.Secrets++
			}
		}
		if jwt.MatchString(text) {
			d.Secrets++
		}
		for _, words := range crashMarkers {
			if strings.Contains(text, words) {
				d.Panics++
			}
		}
	}
	return d
}
