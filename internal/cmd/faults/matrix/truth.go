package matrix

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// object is an organization or a file.
type object struct {
	// name says which one it is in every run of an operation, id in this one.
	name, id string
	// held is what it holds: settings, or name, type and content.
	held string
}

// truth returns what the sandbox holds.
func truth(s *sandbox.Server) ([]object, error) {
	var all []object
	for _, org := range s.Organizations() {
		held, err := heldBy(org)
		if err != nil {
			return nil, err
		}
		all = append(all, object{"organization " + org.Name, fmt.Sprint(org.ID), held})
		for _, file := range s.Files(org.ID) {
			sum := sha256.Sum256(file.Content)
			all = append(all, object{
				"file " + org.Name + "/" + file.Name, fmt.Sprintf("%d/%s/%s", org.ID, file.Type, file.Ref),
				fmt.Sprintf("%s %t %s", file.ContentType, file.Unlisted, hex.EncodeToString(sum[:])),
			})
		}
	}
	return all, nil
}

// heldBy is an organization's settings and what the contract doesn't know, without
// the references, which every run has others of.
func heldBy(org sandbox.Organization) (string, error) {
	entries, _ := org.Settings["classMappingFiles"].([]any)
	for _, entry := range entries {
		if fields, ok := entry.(map[string]any); ok {
			fields["ref"] = ""
		}
	}
	slices.SortFunc(entries, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	held, err := json.Marshal([]any{org.Settings, org.Extra})
	return string(held), err
}

// inState returns the ids of what a state file tracks.
func inState(file string) ([]string, error) {
	content, err := os.ReadFile(file) //nolint:gosec // The path is the matrix's own.
	if err != nil {
		return nil, err
	}
	var state struct {
		Resources []struct {
			Mode      string `json:"mode"`
			Instances []struct {
				Attributes struct {
					ID any `json:"id"`
				} `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var ids []string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if resource.Mode == "managed" {
				ids = append(ids, fmt.Sprint(instance.Attributes.ID))
			}
		}
	}
	return ids, nil
}

// situation is what is there after a run, and what of it the CLI knows.
type situation struct {
	objects []object
	state   []string
}

func (s situation) named(name string) []object {
	return slices.DeleteFunc(slices.Clone(s.objects), func(o object) bool { return o.name != name })
}

// untracked returns the names of what isn't in state.
func (s situation) untracked() []string {
	var names []string
	for _, o := range s.objects {
		if !slices.Contains(s.state, o.id) {
			names = append(names, o.name)
		}
	}
	return names
}

// Damage counts what a run broke.
type Damage struct {
	// Lost are objects that are gone or that the CLI doesn't know of, and entries of
	// state without an object.
	Lost int `json:"lost"`
	// Doubled are objects beyond those that were to be there.
	Doubled int `json:"doubled"`
	// Settings are organizations and files that don't hold what they should.
	Settings int `json:"settings"`
	// Secrets are places where a secret was seen, and requests to another host.
	Secrets int `json:"secrets"`
	// Panics are texts of a provider that broke down or broke the CLI's rules.
	Panics int `json:"panics"`
}

func (d Damage) plus(other Damage) Damage {
	return Damage{
		d.Lost + other.Lost, d.Doubled + other.Doubled, d.Settings + other.Settings,
		d.Secrets + other.Secrets, d.Panics + other.Panics,
	}
}

// compare counts how a situation differs from what it should be: that after the
// same operation without a fault.
func (s situation) compare(should situation) Damage {
	var d Damage
	for _, name := range names(s.objects, should.objects) {
		here, expected := s.named(name), should.named(name)
		d.Lost += max(len(expected)-len(here), 0)
		if len(expected) > 0 {
			d.Doubled += max(len(here)-len(expected), 0)
		}
		for i := range min(len(here), len(expected)) {
			if here[i].held != expected[i].held {
				d.Settings++
			}
		}
	}
	expected := should.untracked()
	for _, name := range s.untracked() {
		if i := slices.Index(expected, name); i >= 0 {
			expected = slices.Delete(expected, i, i+1)
		} else if known := len(should.named(name)); known == 0 || len(s.named(name)) <= known {
			// One that is there too often is counted as doubled already.
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

// names returns each name once.
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
