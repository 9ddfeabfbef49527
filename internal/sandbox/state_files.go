package sandbox

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
)

// typeClassMapping is the one file type that settings.classMappingFiles lists.
const typeClassMapping = "classmapping"

// File is a file of an organization.
type File struct {
	// Ref is opaque to clients. It may hold any characters.
	Ref         string
	Type        string
	Name        string
	ContentType string
	DatasetID   *int64
	Content     []byte
	// ProjectIDs are the projects that use the file.
	ProjectIDs []int64
	// Unlisted says that the organization's settings.classMappingFiles doesn't show
	// the file. That is so for every type but "classmapping".
	Unlisted bool
}

// file is a File as it is stored: whether it is listed is in the organization's
// settings, and only there.
type file struct {
	ref, fileType, name, contentType string
	datasetID                        *int64
	projectIDs                       []int64
	content                          *content
}

// newRef returns a random reference that looks like a UUID (RFC 9562, version 4).
func newRef() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // It never fails.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (o *organization) file(fileType, ref string) *file {
	for _, f := range o.files {
		if f.fileType == fileType && f.ref == ref {
			return f
		}
	}
	return nil
}

func (o *organization) addFile(f *file) {
	f.content.retain()
	o.files = append(o.files, f)
}

func (o *organization) removeFile(f *file) {
	o.files = slices.DeleteFunc(o.files, func(other *file) bool { return other == f })
	o.unlist(f)
	f.content.release()
}

// replaceContent gives a file other content.
func (f *file) replaceContent(by *content) {
	by.retain()
	f.content.release()
	f.content = by
}

// entries returns a copy of what settings.classMappingFiles lists.
func (o *organization) entries() []any {
	list, _ := o.Settings[settingFiles].([]any)
	return slices.Clone(list)
}

func (o *organization) setEntries(entries []any) {
	settings := maps.Clone(o.Settings)
	if settings == nil {
		settings = map[string]any{}
	}
	settings[settingFiles] = entries
	o.Settings = settings
}

// entryIndex returns where settings.classMappingFiles shows a ref, or -1.
func (o *organization) entryIndex(ref string) int {
	list, _ := o.Settings[settingFiles].([]any)
	return slices.IndexFunc(list, func(element any) bool {
		entry, _ := element.(map[string]any)
		return entry["ref"] == ref
	})
}

func (o *organization) lists(f *file) bool {
	return f.fileType == typeClassMapping && o.entryIndex(f.ref) >= 0
}

// list shows a file in settings.classMappingFiles, in the place of the entry of
// oldRef where there is one. What else that entry holds is kept.
func (o *organization) list(oldRef string, f *file) {
	if f.fileType != typeClassMapping {
		return
	}
	entries, i := o.entries(), o.entryIndex(oldRef)
	entry := map[string]any{}
	if i >= 0 {
		old, _ := entries[i].(map[string]any)
		entry = maps.Clone(old)
	}
	entry["ref"], entry["fileName"], entry["contentType"] = f.ref, f.name, f.contentType
	delete(entry, "datasetId")
	if f.datasetID != nil {
		entry["datasetId"] = number(*f.datasetID)
	}
	if i >= 0 {
		entries[i] = entry
	} else {
		entries = append(entries, entry)
	}
	o.setEntries(entries)
}

func (o *organization) unlist(f *file) {
	if i := o.entryIndex(f.ref); i >= 0 && f.fileType == typeClassMapping {
		o.setEntries(slices.Delete(o.entries(), i, i+1))
	}
}

// copyFiles gives o copies of a source's files. What o's settings list under a
// ref of the source is listed under the copy's instead, and a file that only the
// source's settings list is listed too.
func (o *organization) copyFiles(source *organization) {
	for _, f := range source.files {
		duplicate := *f
		duplicate.ref, duplicate.projectIDs = newRef(), nil
		o.addFile(&duplicate)
		if source.lists(f) || o.lists(f) {
			o.list(f.ref, &duplicate)
		}
	}
}

// copied returns a File that shares nothing with f. It panics where content
// can't be read from disk any more.
func (o *organization) copiedFile(f *file) File {
	data, err := f.content.bytes()
	if err != nil {
		panic(fmt.Sprintf("sandbox: a file's content is gone: %s", err))
	}
	return File{
		Ref: f.ref, Type: f.fileType, Name: f.name, ContentType: f.contentType, DatasetID: clonePointer(f.datasetID),
		Content: data, ProjectIDs: slices.Clone(f.projectIDs), Unlisted: !o.lists(f),
	}
}

// stored returns a File as it is stored.
func (s *Server) stored(f File) *file {
	data, err := s.spool.take(bytes.NewReader(f.Content))
	if err != nil {
		panic(fmt.Sprintf("sandbox: a file's content can't be stored: %s", err))
	}
	return &file{
		ref: f.Ref, fileType: f.Type, name: f.Name, contentType: f.ContentType, datasetID: clonePointer(f.DatasetID),
		projectIDs: slices.Clone(f.ProjectIDs), content: data,
	}
}

func clonePointer(p *int64) *int64 {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}

// AddFile stores a file and returns it as stored. An empty Ref is a new one, an
// empty Type is "classmapping", and a Ref that is taken is replaced. It panics
// where there is no such organization.
func (s *Server) AddFile(organizationID int64, f File) File {
	if f.Ref == "" {
		f.Ref = newRef()
	}
	if f.Type == "" {
		f.Type = typeClassMapping
	}
	stored := s.stored(f)
	var added File
	s.mustUpdate(organizationID, func(org *organization) {
		if old := org.file(f.Type, f.Ref); old != nil {
			org.removeFile(old)
		}
		org.addFile(stored)
		if !f.Unlisted {
			org.list(f.Ref, stored)
		}
		added = org.copiedFile(stored)
	})
	return added
}

// File returns a copy of a file, and whether there is one.
func (s *Server) File(organizationID int64, fileType, ref string) (File, bool) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	org, ok := s.state.organizations[organizationID]
	if !ok {
		return File{}, false
	}
	f := org.file(fileType, ref)
	if f == nil {
		return File{}, false
	}
	return org.copiedFile(f), true
}

// Files returns copies of an organization's files, in the order in which they
// were added.
func (s *Server) Files(organizationID int64) []File {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	org, ok := s.state.organizations[organizationID]
	if !ok {
		return nil
	}
	files := make([]File, len(org.files))
	for i, f := range org.files {
		files[i] = org.copiedFile(f)
	}
	return files
}

// UpdateFile stores what change makes of a file, and returns false where there
// is none. Its entry in settings.classMappingFiles follows. change must not call
// the server.
func (s *Server) UpdateFile(organizationID int64, fileType, ref string, change func(*File)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[organizationID]
	if !ok {
		return false
	}
	f := org.file(fileType, ref)
	if f == nil {
		return false
	}
	changed := org.copiedFile(f)
	change(&changed)
	replacement := s.stored(changed)
	if changed.Unlisted || changed.Type != typeClassMapping {
		org.unlist(f)
	}
	replacement.content.retain()
	f.content.release()
	*f = *replacement
	if !changed.Unlisted {
		org.list(ref, f)
	}
	s.state.changed()
	return true
}

// DeleteFile deletes a file, and returns false where there is none.
func (s *Server) DeleteFile(organizationID int64, fileType, ref string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	org, ok := s.state.organizations[organizationID]
	if !ok {
		return false
	}
	f := org.file(fileType, ref)
	if f == nil {
		return false
	}
	org.removeFile(f)
	s.state.changed()
	return true
}
