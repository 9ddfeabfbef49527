package export

import (
	"encoding/json"
	"fmt"
)

// recordFile is where an export keeps what it has exported, so that a later one adds
// only what is new, and an interrupted one goes on.
const recordFile = "export.json"

const recordVersion = 1

// record is what a folder holds of a platform.
type record struct {
	Version int    `json:"version"`
	Layout  string `json:"layout"`
	Host    string `json:"host"`
	// Complete says that an export has come to its end.
	Complete bool `json:"complete"`
	// Organizations and Files are ordered as they were exported.
	Organizations []*recordedOrganization `json:"organizations"`
	Files         []*recordedFile         `json:"files"`
}

// recordedOrganization is an organization and what it is called in the configuration.
type recordedOrganization struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Pending says that the configuration doesn't have it yet.
	Pending bool `json:"pending,omitempty"`
}

// recordedFile is a file, what it is called in the configuration, and where its content
// is.
type recordedFile struct {
	ID             string `json:"id"`
	OrganizationID string `json:"organization_id"`
	Name           string `json:"name"`
	Label          string `json:"label"`
	Path           string `json:"path"`
	Pending        bool   `json:"pending,omitempty"`
}

// readRecord returns the record of a folder, nil where there is none.
func readRecord(f *folder) (*record, error) {
	raw, err := f.read(recordFile)
	if err != nil || raw == nil {
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

// isPending reports whether the last export was interrupted.
func (r *record) isPending() bool {
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
