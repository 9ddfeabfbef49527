package main

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// platform is what the sandbox holds. It is read from the sandbox itself, so that the
// demo doesn't depend on the provider being right.
type platform struct{ *sandbox.Server }

// named returns the organizations of a name.
func (p platform) named(name string) []sandbox.Organization {
	var found []sandbox.Organization
	for _, org := range p.Organizations() {
		if org.Name == name {
			found = append(found, org)
		}
	}
	return found
}

// expect returns an error unless the platform holds one organization of a name with,
// among others, the given settings, written as in JSON.
func (p platform) expect(name string, settings map[string]string) (sandbox.Organization, error) {
	found := p.named(name)
	if len(found) != 1 {
		return sandbox.Organization{}, fmt.Errorf("GuardAI holds %d organizations named %q, not one", len(found), name)
	}
	for key, want := range settings {
		got, err := json.Marshal(found[0].Settings[key])
		if err != nil {
			return sandbox.Organization{}, err
		}
		if string(got) != want {
			return sandbox.Organization{}, fmt.Errorf("GuardAI holds %s = %s for organization %q, not %s", key, got, name, want)
		}
	}
	return found[0], nil
}

// expectUnchanged returns an error unless an organization is as it was.
func (p platform) expectUnchanged(was sandbox.Organization) error {
	is, ok := p.Organization(was.ID)
	if !ok {
		return fmt.Errorf("organization %d was to stay, and is gone", was.ID)
	}
	if !reflect.DeepEqual(is, was) {
		return fmt.Errorf("organization %d was to stay as it is: it was %v, and is %v", was.ID, was, is)
	}
	return nil
}

// expectFile returns an error unless an organization holds one file, of the given name
// and content.
func (p platform) expectFile(id int64, name, content string) error {
	files := p.Files(id)
	switch {
	case len(files) != 1:
		return fmt.Errorf("organization %d holds %d files, not one", id, len(files))
	case files[0].Name != name:
		return fmt.Errorf("organization %d holds the file %q, not %q", id, files[0].Name, name)
	case string(files[0].Content) != content:
		return fmt.Errorf("the file %q holds %q, not %q", name, files[0].Content, content)
	}
	return nil
}
