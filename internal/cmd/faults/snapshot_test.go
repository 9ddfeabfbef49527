package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// damage counts what a run broke.
type damage struct {
	// Lost are objects that are gone or that the CLI doesn't know of, and entries of
	// state without an object.
	Lost int
	// Doubled are objects beyond those that were to be there.
	Doubled int
	// Settings are organizations and files that don't hold what they should.
	Settings int
	// Secrets are places where a secret was seen, and requests to another host.
	Secrets int
	// Panics are signs of a provider that crashed or broke the CLI's rules.
	Panics int
}

func (d damage) plus(other damage) damage {
	return damage{
		d.Lost + other.Lost, d.Doubled + other.Doubled, d.Settings + other.Settings,
		d.Secrets + other.Secrets, d.Panics + other.Panics,
	}
}

// compare counts how a snapshot differs from the expected one: that after the same
// operation without a fault.
func (s snapshot) compare(expected snapshot) damage {
	var d damage
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

// jwt is what every JSON Web Token with a JSON header looks like.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.`)

// breakdowns are what a crashed provider writes, and a CLI whose rules it broke.
var breakdowns = []string{
	"panic:", "goroutine ", "plugin crashed", "Plugin did not respond", "inconsistent result",
	"invalid plan", "unexpected new value", "This is a bug in the provider",
}

// leaks counts in texts what shouldn't be in them.
func leaks(texts ...string) damage {
	var d damage
	for _, text := range texts {
		for _, secret := range []string{sandbox.AdminKey, contentMark} {
			if strings.Contains(text, secret) {
				d.Secrets++
			}
		}
		if jwt.MatchString(text) {
			d.Secrets++
		}
		for _, words := range breakdowns {
			if strings.Contains(text, words) {
				d.Panics++
			}
		}
	}
	return d
}

func TestCompare(t *testing.T) {
	t.Parallel()
	main, file := object{"organization main", "1", "{}"}, object{"file main/a.csv", "1/classmapping/x", "text"}
	other := object{"organization other", "9", "{}"}
	expected := snapshot{[]object{main, file, other}, []string{"1", "1/classmapping/x"}}
	for name, test := range map[string]struct {
		now  snapshot
		want damage
	}{
		"the same": {expected, damage{}},
		"other ids": {
			snapshot{[]object{{main.name, "5", "{}"}, {file.name, "5/classmapping/y", "text"}, other}, []string{"5", "5/classmapping/y"}}, damage{},
		},
		"gone with its entry": {snapshot{[]object{main, other}, []string{"1"}}, damage{Lost: 1}},
		// once as the object that is gone, once as the entry without one.
		"gone":           {snapshot{[]object{main, other}, expected.state}, damage{Lost: 2}},
		"not in state":   {snapshot{expected.objects, []string{"1"}}, damage{Lost: 1}},
		"doubled":        {snapshot{append(slices.Clone(expected.objects), object{main.name, "2", "{}"}), expected.state}, damage{Doubled: 1}},
		"not deleted":    {snapshot{append(slices.Clone(expected.objects), object{"organization old", "2", "{}"}), expected.state}, damage{Lost: 1}},
		"other settings": {snapshot{[]object{{main.name, "1", `{"a":1}`}, file, other}, expected.state}, damage{Settings: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.now.compare(expected); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestSnapshotSeesWhatIsNotManaged(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	org := s.AddOrganization(sandbox.Organization{Name: "main"})
	s.AddFile(org.ID, sandbox.File{Name: "a.csv", Content: []byte("a")})
	shared := addUnmanaged(s)
	before := mustKnow(t, s)
	for name, change := range map[string]func(*sandbox.Organization){
		"an unknown setting": func(o *sandbox.Organization) { delete(o.Settings, retention) },
		"a known setting":    func(o *sandbox.Organization) { o.Settings["maxTimePerTask"] = 1 },
		"an unknown field":   func(o *sandbox.Organization) { o.Extra = nil },
		"an entry": func(o *sandbox.Organization) {
			entries, _ := o.Settings["classMappingFiles"].([]any)
			fields, _ := entries[0].(map[string]any)
			delete(fields, "reviewedBy")
		},
	} {
		was, _ := s.Organization(org.ID)
		s.UpdateOrganization(org.ID, change)
		if got := mustKnow(t, s).compare(before); got.Settings != 1 {
			t.Errorf("%s is gone: %+v", name, got)
		}
		s.UpdateOrganization(org.ID, func(o *sandbox.Organization) { *o = was })
	}
	if got := mustKnow(t, s).compare(before); got != (damage{}) {
		t.Errorf("nothing is gone: %+v", got)
	}
	if !keepsUnmanaged(s, shared) {
		t.Error("nothing is gone, and it is said to be")
	}
	s.UpdateOrganization(org.ID, func(o *sandbox.Organization) { delete(o.Settings, retention) })
	if keepsUnmanaged(s, shared) {
		t.Error("an unknown setting is gone, and it is said not to be")
	}
}

// mustKnow returns what is there, with all of it in state.
func mustKnow(t *testing.T, s *sandbox.Server) snapshot {
	t.Helper()
	objects, err := objectsOf(s)
	if err != nil {
		t.Fatal(err)
	}
	now := snapshot{objects: objects}
	for _, o := range objects {
		now.state = append(now.state, o.id)
	}
	return now
}

func TestLeaks(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for text, want := range map[string]damage{
		"all is well with " + sandbox.AdminKeyID:   {},
		"key " + sandbox.AdminKey:                  {Secrets: 1},
		"Bearer " + s.AdminToken():                 {Secrets: 1},
		content:                                    {Secrets: 1},
		"panic: nil":                               {Panics: 1},
		"Provider produced an inconsistent result": {Panics: 1},
	} {
		if got := leaks(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}
