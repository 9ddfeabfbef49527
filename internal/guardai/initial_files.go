package guardai

import (
	"context"
	"sync"
)

// initialFiles records what organizations listed before this run's first upload to them. A file that isn't among those
// is new.
type initialFiles struct {
	mu sync.Mutex
	// listed maps the ids of organizations to their files; nil for those that couldn't be read.
	listed map[int64][]ClassMappingFile
	// deleted holds the files that this run has deleted.
	deleted map[FileKey]struct{}
}

func newInitialFiles() *initialFiles {
	return &initialFiles{listed: map[int64][]ClassMappingFile{}, deleted: map[FileKey]struct{}{}}
}

func (f *initialFiles) get(organizationID int64) (files []ClassMappingFile, recorded bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	files, recorded = f.listed[organizationID]
	return files, recorded
}

// record records the files of an organization, unless they are recorded already.
func (f *initialFiles) record(organizationID int64, files []ClassMappingFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, recorded := f.listed[organizationID]; !recorded {
		f.listed[organizationID] = files
	}
}

func (f *initialFiles) recordDeleted(key FileKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deleted[key] = struct{}{}
}

func (f *initialFiles) isDeleted(key FileKey) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, deleted := f.deleted[key]
	return deleted
}

// recordInitialFiles reads and records the files of an organization, unless that was done before. A caller that may not
// read the organization is not an error.
func (c *Client) recordInitialFiles(ctx context.Context, organizationID int64) error {
	if _, recorded := c.initialFiles.get(organizationID); recorded {
		return nil
	}
	org, err := c.GetOrganization(ctx, organizationID)
	switch {
	case IsForbidden(err), IsNotFound(err):
		c.initialFiles.record(organizationID, nil)
		return nil
	case err != nil:
		return err
	}
	c.initialFiles.record(organizationID, append([]ClassMappingFile{}, org.Settings.ClassMappingFiles...))
	return nil
}

// FilesNamed returns the files with a name that an organization listed before this run's first upload to it, without
// those that this run has deleted. The organization is read once in a run. If the caller may not read it or it doesn't
// exist, there are none.
func (c *Client) FilesNamed(ctx context.Context, organizationID int64, name string) ([]FileKey, error) {
	if err := c.recordInitialFiles(ctx, organizationID); err != nil {
		return nil, err
	}
	var keys []FileKey
	files, _ := c.initialFiles.get(organizationID)
	for _, file := range files {
		key := FileKey{organizationID, FileTypeClassMapping, file.Ref}
		if file.Ref != "" && SameName(file.FileName, name) && !c.initialFiles.isDeleted(key) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
