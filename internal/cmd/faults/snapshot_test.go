package main

import (
	"slices"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	main, file := object{"organization main", "1", "{}"}, object{"file main/a.csv", "1/classmapping/x", "text"}
	other := object{"organization other", "9", "{}"}
	expected := snapshot{[]object{main, file, other}, []string{"1", "1/classmapping/x"}}
	for name, test := range map[string]struct {
		now  snapshot
		want Damage
	}{
		"the same": {expected, Damage{}},
		"other ids": {
			snapshot{[]object{{main.name, "5", "{}"}, {file.name, "5/classmapping/y", "text"}, other}, []string{"5", "5/classmapping/y"}}, Damage{},
		},
		"gone with its entry": {snapshot{[]object{main, other}, []string{"1"}}, Damage{Lost: 1}},
		// Once as the object that is gone, once as the entry without one.
		"gone":           {snapshot{[]object{main, other}, expected.state}, Damage{Lost: 2}},
		"not in state":   {snapshot{expected.objects, []string{"1"}}, Damage{Lost: 1}},
		"doubled":        {snapshot{append(slices.Clone(expected.objects), object{main.name, "2", "{}"}), expected.state}, Damage{Doubled: 1}},
		"not deleted":    {snapshot{append(slices.Clone(expected.objects), object{"organization old", "2", "{}"}), expected.state}, Damage{Lost: 1}},
		"other settings": {snapshot{[]object{{main.name, "1", `{"a":1}`}, file, other}, expected.state}, Damage{Settings: 1}},
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
	if got := mustKnow(t, s).compare(before); got != (Damage{}) {
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
	for text, want := range map[string]Damage{
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
