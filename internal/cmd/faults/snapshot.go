package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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

// objectsOf returns what the sandbox holds.
func objectsOf(s *sandbox.Server) ([]object, error) {
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

// heldBy returns an organization's settings and what the contract doesn't know, without
// the references, which differ between runs.
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

// snapshot is what exists after a run, and the ids of what is in state.
type snapshot struct {
	objects []object
	state   []string
}

func (s snapshot) named(name string) []object {
	return slices.DeleteFunc(slices.Clone(s.objects), func(o object) bool { return o.name != name })
}

// untracked returns the names of what isn't in state.
func (s snapshot) untracked() []string {
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
	// Panics are signs of a provider that crashed or broke the CLI's rules.
	Panics int `json:"panics"`
}

func (d Damage) plus(other Damage) Damage {
	return Damage{
		d.Lost + other.Lost, d.Doubled + other.Doubled, d.Settings + other.Settings,
		d.Secrets + other.Secrets, d.Panics + other.Panics,
	}
}

// compare counts how a snapshot differs from the expected one: that after the same
// operation without a fault.
func (s snapshot) compare(expected snapshot) Damage {
	var d Damage
	for _, name := range names(s.objects, expected.objects) {
		here, there := s.named(name), expected.named(name)
		d.Lost += max(len(there)-len(here), 0)
		if len(there) > 0 {
			d.Doubled += max(len(here)-len(there), 0)
		}
		for i := range min(len(here), len(there)) {
			if here[i].held != there[i].held {
				d.Settings++
			}
		}
	}
	untracked := expected.untracked()
	for _, name := range s.untracked() {
		if i := slices.Index(untracked, name); i >= 0 {
			untracked = slices.Delete(untracked, i, i+1)
		} else if known := len(expected.named(name)); known == 0 || len(s.named(name)) <= known {
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
