package sandbox

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// stateVersion is the version of the state file's format.
const stateVersion = 1

// saveDelay is how long a change waits for others to be saved with it.
const saveDelay = 200 * time.Millisecond

// savedState is a state file. It is only ever read as a whole: writing goes file
// by file, since their contents may be large.
type savedState struct {
	Version       int                  `json:"version"`
	NextID        int64                `json:"nextId"`
	Organizations []*savedOrganization `json:"organizations"`
	Files         []*savedFile         `json:"files"`
}

type savedOrganization struct {
	ID           int64            `json:"id"`
	Name         string           `json:"name"`
	CreatedAt    time.Time        `json:"createdAt"`
	Settings     map[string]any   `json:"settings"`
	Stats        Stats            `json:"stats"`
	PendingStats *Stats           `json:"pendingStats,omitempty"`
	TimeUsed     int64            `json:"timeUsed"`
	Extra        map[string]any   `json:"extra,omitempty"`
	Members      []map[string]any `json:"members,omitempty"`
	Catalog      *Catalog         `json:"catalog,omitempty"`
}

// savedFile is a file with its content, which is written apart.
type savedFile struct {
	OrganizationID int64   `json:"organizationId"`
	Ref            string  `json:"ref"`
	Type           string  `json:"type"`
	Name           string  `json:"name"`
	ContentType    string  `json:"contentType"`
	DatasetID      *int64  `json:"datasetId,omitempty"`
	ProjectIDs     []int64 `json:"projectIds,omitempty"`
	Content        []byte  `json:"content,omitempty"`
}

// load reads a state file into an empty state, and reports whether there is one.
func (st *state) load(path string) (found bool, err error) {
	opened, err := os.Open(path) //nolint:gosec // The user names the file.
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("the state file can't be read: %w", err)
	}
	defer func() { _ = opened.Close() }()
	var saved savedState
	if err := decodeJSON(bufio.NewReader(opened), &saved); err != nil {
		return false, fmt.Errorf("the state file %s can't be read and was left as it is: %w", path, err)
	}
	if err := st.restore(&saved); err != nil {
		return false, fmt.Errorf("the state file %s can't be used and was left as it is: %w", path, err)
	}
	return true, nil
}

func (st *state) restore(saved *savedState) error {
	if saved.Version != stateVersion {
		return fmt.Errorf("its version is %d, and this sandbox knows version %d", saved.Version, stateVersion)
	}
	for _, org := range saved.Organizations {
		if org == nil || org.ID <= 0 || st.organizations[org.ID] != nil {
			return errors.New("an organization has no id, or that of another")
		}
		st.add(&organization{
			Organization: Organization{
				ID: org.ID, Name: org.Name, CreatedAt: org.CreatedAt, Settings: org.Settings,
				Stats: org.Stats, TimeUsed: org.TimeUsed, Extra: org.Extra,
			},
			pendingStats: org.PendingStats, members: org.Members, catalog: org.Catalog,
		})
	}
	st.nextID = max(st.nextID, saved.NextID)
	for _, f := range saved.Files {
		if f == nil || st.organizations[f.OrganizationID] == nil {
			return errors.New("a file belongs to no organization")
		}
		if err := st.restoreFile(f); err != nil {
			return err
		}
	}
	return nil
}

func (st *state) restoreFile(f *savedFile) error {
	data, err := st.spool.take(bytes.NewReader(f.Content))
	if err != nil {
		return err
	}
	f.Content = nil
	st.organizations[f.OrganizationID].addFile(&file{
		ref: f.Ref, fileType: f.Type, name: f.Name, contentType: f.ContentType,
		datasetID: f.DatasetID, projectIDs: f.ProjectIDs, content: data,
	})
	return nil
}

// write writes the state as a state file.
func (st *state) write(w io.Writer) error {
	st.mu.RLock()
	defer st.mu.RUnlock()
	organizations := []*savedOrganization{}
	for _, org := range st.sorted() {
		organizations = append(organizations, &savedOrganization{
			ID: org.ID, Name: org.Name, CreatedAt: org.CreatedAt, Settings: org.Settings, Stats: org.Stats,
			PendingStats: org.pendingStats, TimeUsed: org.TimeUsed, Extra: org.Extra,
			Members: org.members, Catalog: org.catalog,
		})
	}
	encoded, err := json.MarshalIndent(organizations, "  ", "  ")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "{\n  \"version\": %d,\n  \"nextId\": %d,\n  \"organizations\": %s,\n  \"files\": [",
		stateVersion, st.nextID, encoded); err != nil {
		return err
	}
	if err := st.writeFiles(w); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n  ]\n}\n")
	return err
}

func (st *state) writeFiles(w io.Writer) error {
	separator := "\n    "
	for _, org := range st.sorted() {
		for _, f := range org.files {
			if _, err := io.WriteString(w, separator); err != nil {
				return err
			}
			if err := f.write(w, org.ID); err != nil {
				return err
			}
			separator = ",\n    "
		}
	}
	return nil
}

// write writes a file with its content in base64, of which it never holds more
// than a piece.
func (f *file) write(w io.Writer, organizationID int64) error {
	head, err := json.Marshal(savedFile{
		OrganizationID: organizationID, Ref: f.ref, Type: f.fileType, Name: f.name, ContentType: f.contentType,
		DatasetID: f.datasetID, ProjectIDs: f.projectIDs,
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, `%s,"content":"`, bytes.TrimSuffix(head, []byte("}"))); err != nil {
		return err
	}
	data, err := f.content.open()
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }()
	encoder := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := io.Copy(encoder, data); err != nil {
		return err
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	_, err = io.WriteString(w, `"}`)
	return err
}

// saver saves the state some time after it changed.
type saver struct {
	state *state
	path  string
	// saving lets one save at a time write the file.
	saving sync.Mutex

	mu     sync.Mutex
	timer  *time.Timer
	closed bool
}

func newSaver(st *state, path string) *saver { return &saver{state: st, path: path} }

// schedule has the state saved soon. A save that fails is tried again with the
// next change, and at last by close, which returns its error.
func (sv *saver) schedule() {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	if sv.timer == nil && !sv.closed {
		sv.timer = time.AfterFunc(saveDelay, sv.saveScheduled)
	}
}

func (sv *saver) saveScheduled() {
	sv.saving.Lock()
	defer sv.saving.Unlock()
	sv.mu.Lock()
	closed := sv.closed
	sv.timer = nil
	sv.mu.Unlock()
	if !closed {
		_ = sv.replace()
	}
}

// save writes the state now.
func (sv *saver) save() error {
	sv.saving.Lock()
	defer sv.saving.Unlock()
	return sv.replace()
}

// close saves for the last time: a save that was scheduled does nothing any more.
func (sv *saver) close() error {
	sv.saving.Lock()
	defer sv.saving.Unlock()
	sv.mu.Lock()
	sv.closed = true
	if sv.timer != nil {
		sv.timer.Stop()
	}
	sv.mu.Unlock()
	return sv.replace()
}

// replace writes the state to its file, which is replaced at once or not at all.
func (sv *saver) replace() error {
	if err := replaceFile(sv.path, sv.state.write); err != nil {
		return fmt.Errorf("the state can't be saved: %w", err)
	}
	return nil
}

// replaceFile writes a file beside path and moves it there when it is complete.
func replaceFile(path string, write func(io.Writer) error) error {
	target, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(target)
	err = write(buffered)
	err = errors.Join(err, buffered.Flush(), target.Close())
	if err == nil {
		err = os.Rename(target.Name(), path)
	}
	if err != nil {
		_ = os.Remove(target.Name())
	}
	return err
}
