package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// stateVersion is the version of the state folder's format.
	stateVersion = 1
	// stateFile holds everything but the contents of files.
	stateFile = "state.json"
	// newStateFile is written first and then replaces stateFile.
	newStateFile = "state.json.new"
	// contentPrefix begins the names of files with contents.
	contentPrefix = "content-"
)

// stateDir is the folder that keeps the state. The zero value keeps it in memory.
type stateDir struct {
	path string
	// saving is false until the initial state is complete.
	saving bool
	// contents are the content files that the saved state refers to, or that a killed sandbox left behind.
	contents map[string]bool
}

type savedState struct {
	Version         int             `json:"version"`
	NextID          int64           `json:"nextId"`
	Organizations   []*organization `json:"organizations"`
	LastTransformID int64           `json:"lastTransformId"`
	NextUserID      int64           `json:"nextUserId"`
	Users           []*User         `json:"users"`
}

// load reads the state folder into an empty state, and reports whether it held a state.
func (st *state) load() (exists bool, err error) {
	if st.dir.path == "" {
		return false, nil
	}
	document, err := st.dir.open()
	if err != nil {
		return false, fmt.Errorf("the state folder %s can't be used and was not changed: %w", st.dir.path, err)
	}
	if document == nil {
		return false, nil
	}
	err = st.restore(document, func(c *content) (*content, error) {
		if !st.dir.contents[c.Name] {
			return nil, fmt.Errorf("the file %q is missing", c.Name)
		}
		return &content{Name: c.Name, Size: c.Size, dir: st.dir.path}, nil
	})
	if err != nil {
		return false, fmt.Errorf("the state in %s can't be used and was not changed: %w", filepath.Join(st.dir.path, stateFile), err)
	}
	return true, nil
}

// open creates the folder if needed and returns its state file, or nil if the folder is empty. It fails if the folder
// holds anything else.
func (d *stateDir) open() ([]byte, error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, err
	}
	document, err := os.ReadFile(filepath.Join(d.path, stateFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	d.contents = map[string]bool{}
	for _, entry := range entries {
		switch {
		case strings.HasPrefix(entry.Name(), contentPrefix):
			d.contents[entry.Name()] = true
		case err != nil && entry.Name() != newStateFile:
			return nil, fmt.Errorf("it contains %s but no sandbox state", entry.Name())
		}
	}
	return document, nil
}

// restore fills an empty state with a saved one. find returns the content of a saved file.
func (st *state) restore(document []byte, find func(*content) (*content, error)) error {
	var saved savedState
	if err := decodeJSON(bytes.NewReader(document), &saved); err != nil {
		return err
	}
	if saved.Version != stateVersion {
		return fmt.Errorf("its format version is %d, but this sandbox supports version %d", saved.Version, stateVersion)
	}
	for _, org := range saved.Organizations {
		if org == nil || org.ID <= 0 || st.organizations[org.ID] != nil {
			return errors.New("an organization has no id or a duplicate one")
		}
		for _, f := range org.stored() {
			if f == nil || f.Stored == nil {
				return fmt.Errorf("a file of organization %d has no content", org.ID)
			}
			var err error
			if f.Stored, err = find(f.Stored); err != nil {
				return err
			}
		}
		st.add(org)
	}
	st.nextID = max(st.nextID, saved.NextID)
	if err := st.restoreUsers(saved); err != nil {
		return err
	}
	st.lastTransformID = saved.LastTransformID
	return nil
}

func (st *state) restoreUsers(saved savedState) error {
	st.users, st.nextUserID = nil, max(st.nextUserID, saved.NextUserID)
	for _, u := range saved.Users {
		if u == nil || u.ID <= 0 || st.userByID(u.ID) != nil {
			return errors.New("a user has no id or a duplicate one")
		}
		st.addUser(u)
	}
	return nil
}

// startSaving enables save and saves the initial state.
func (st *state) startSaving() error {
	st.dir.saving = st.dir.path != ""
	return st.save()
}

// save writes the state to its folder atomically, if there is one, and deletes contents that are no longer used. The
// caller holds mu.
func (st *state) save() error {
	if !st.dir.saving {
		return nil
	}
	organizations := st.sorted()
	document, err := json.MarshalIndent(savedState{stateVersion, st.nextID, organizations, st.lastTransformID, st.nextUserID, st.users}, "", "  ")
	if err != nil {
		return err
	}
	written := filepath.Join(st.dir.path, newStateFile)
	err = os.WriteFile(written, document, 0o600)
	if err == nil {
		err = os.Rename(written, filepath.Join(st.dir.path, stateFile))
	}
	if err != nil {
		return fmt.Errorf("can't save the state: %w", err)
	}
	contents := map[string]bool{}
	for _, org := range organizations {
		for _, f := range org.stored() {
			contents[f.Stored.Name] = true
		}
	}
	for name := range st.dir.contents {
		if !contents[name] {
			_ = os.Remove(filepath.Join(st.dir.path, name)) // A leftover file does no harm.
		}
	}
	st.dir.contents = contents
	return nil
}

func (st *state) mustSave() {
	if err := st.save(); err != nil {
		panic("sandbox: " + err.Error())
	}
}
