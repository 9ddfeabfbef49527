package guardai

import (
	"context"
	"sync"
)

// initialLists records what was listed before this run's first create, by what was listed. An element that isn't in its
// list is new. The zero value is ready to use.
type initialLists[Scope comparable, Element any] struct {
	mu    sync.Mutex
	lists map[Scope][]Element
}

func (i *initialLists[Scope, Element]) get(scope Scope) (list []Element, recorded bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	list, recorded = i.lists[scope]
	return list, recorded
}

// record keeps the first list.
func (i *initialLists[Scope, Element]) record(scope Scope, list []Element) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.lists == nil {
		i.lists = map[Scope][]Element{}
	}
	if _, recorded := i.lists[scope]; !recorded {
		i.lists[scope] = list
	}
}

// initialFiles are the files that organizations listed before this run's first upload to them; nil for organizations
// that couldn't be read.
type initialFiles struct {
	initialLists[int64, ClassMappingFile]
	// deleted holds the files that this run has deleted.
	deleted map[FileKey]bool
}

func (f *initialFiles) recordDeleted(key FileKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.deleted == nil {
		f.deleted = map[FileKey]bool{}
	}
	f.deleted[key] = true
}

func (f *initialFiles) isDeleted(key FileKey) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deleted[key]
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
