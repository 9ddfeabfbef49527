package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// recordFile records what was exported. A later export adds only what is new, and an interrupted one continues.
const recordFile = "export.json"

// recordVersion must change with a field that an older program must not ignore, such as one of the selection.
const recordVersion = 1

// record is the content of recordFile.
type record struct {
	Version int    `json:"version"`
	Layout  string `json:"layout"`
	Host    string `json:"host"`
	// Selection is that of the first export.
	Selection selection `json:"selection"`
	// Complete is set once an export has finished.
	Complete bool `json:"complete"`
	// Organizations and Files are in the order of export.
	Organizations []*recordedOrganization `json:"organizations"`
	Files         []*recordedFile         `json:"files"`
}

// recordedOrganization is an organization and its label in the configuration.
type recordedOrganization struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Pending is set until the configuration contains it.
	Pending bool `json:"pending,omitempty"`
}

// recordedFile is a file, its label in the configuration, and the path of its content.
type recordedFile struct {
	ID             string `json:"id"`
	OrganizationID string `json:"organization_id"`
	Name           string `json:"name"`
	Label          string `json:"label"`
	Path           string `json:"path"`
	Pending        bool   `json:"pending,omitempty"`
}

// recordIn returns the record in a folder, or nil if there is none.
func recordIn(folder string) (*record, error) {
	raw, err := os.ReadFile(filepath.Join(folder, recordFile)) //nolint:gosec // The user names the folder.
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // A first export has none.
	}
	if err != nil {
		return nil, err
	}
	var found record
	if err := json.Unmarshal(raw, &found); err != nil {
		return nil, fmt.Errorf("%s can't be read: %w", recordFile, err)
	}
	if found.Version != recordVersion {
		return nil, fmt.Errorf("%s is of version %d, and this program knows only version %d", recordFile, found.Version, recordVersion)
	}
	return &found, nil
}

func (r *record) write(f *folder) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return f.write(recordFile, append(raw, '\n'))
}

func (r *record) wasInterrupted() bool {
	if !r.Complete {
		return true
	}
	for _, org := range r.Organizations {
		if org.Pending {
			return true
		}
	}
	for _, file := range r.Files {
		if file.Pending {
			return true
		}
	}
	return false
}
