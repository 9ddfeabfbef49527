package sandbox

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
)

// typeClassMapping is the one file type that settings.classMappingFiles lists.
const typeClassMapping = "classmapping"

// File is a file of an organization.
type File struct {
	// Ref is opaque to clients. It may hold any characters.
	Ref         string `json:"ref"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
	Content     []byte `json:"-"`
	// ProjectIDs are the projects that use the file.
	ProjectIDs []int64 `json:"projectIds,omitempty"`
	// Unlisted says that the organization's settings.classMappingFiles doesn't show
	// the file. That is so for every type but "classmapping".
	Unlisted bool `json:"-"`
}

// file is a File as it is stored, without Content and Unlisted: whether it is listed is in the organization's
// settings, and only there. What its pointers and slices hold is never changed in place.
type file struct {
	File
	Stored *content `json:"content"`
}

// newRef returns a random reference that looks like a UUID (RFC 9562, version 4).
func newRef() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // It never fails.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (o *organization) file(fileType, ref string) *file {
	for _, f := range o.Files {
		if f.Type == fileType && f.Ref == ref {
			return f
		}
	}
	return nil
}

func (o *organization) addFile(f *file) { o.Files = append(o.Files, f) }

func (o *organization) removeFile(f *file) {
	o.Files = slices.DeleteFunc(o.Files, func(other *file) bool { return other == f })
	o.unlist(f)
}

// entries returns a copy of what settings.classMappingFiles lists.
func (o *organization) entries() []any {
	list, _ := o.Settings[settingFiles].([]any)
	return slices.Clone(list)
}

func (o *organization) setEntries(entries []any) {
	settings := map[string]any{}
	maps.Copy(settings, o.Settings)
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
	return f.Type == typeClassMapping && o.entryIndex(f.Ref) >= 0
}

// list shows a file in settings.classMappingFiles, in the place of the entry of
// oldRef where there is one. What else that entry holds is kept.
func (o *organization) list(oldRef string, f *file) {
	if f.Type != typeClassMapping {
		return
	}
	entries, i := o.entries(), o.entryIndex(oldRef)
	if i < 0 {
		i = len(entries)
		entries = append(entries, map[string]any{})
	}
	old, _ := entries[i].(map[string]any)
	entry := maps.Clone(old)
	entry["ref"], entry["fileName"], entry["contentType"] = f.Ref, f.Name, f.ContentType
	delete(entry, "datasetId")
	if f.DatasetID != nil {
		entry["datasetId"] = number(*f.DatasetID)
	}
	entries[i] = entry
	o.setEntries(entries)
}

func (o *organization) unlist(f *file) {
	if i := o.entryIndex(f.Ref); i >= 0 && f.Type == typeClassMapping {
		o.setEntries(slices.Delete(o.entries(), i, i+1))
	}
}

// copyFiles gives o copies of a source's files. What o's settings list under a ref of the source is listed under the
// copy's instead, and a file that only the source's settings list is listed too.
func (o *organization) copyFiles(source *organization) {
	for _, f := range source.Files {
		duplicate := *f
		duplicate.Ref, duplicate.ProjectIDs = newRef(), nil
		o.addFile(&duplicate)
		if source.lists(f) || o.lists(f) {
			o.list(f.Ref, &duplicate)
		}
	}
}

// copied returns a File that shares nothing with f. It panics where content can't be read from disk any more.
func (o *organization) copied(f *file) File {
	c := f.clone()
	data, err := f.Stored.open()
	if err == nil {
		c.Content, err = io.ReadAll(data)
		_ = data.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("sandbox: a file's content is gone: %s", err))
	}
	c.Unlisted = !o.lists(f)
	return c
}

// clone returns a copy of f that shares no pointer and no slice with it, and holds no content.
func (f *File) clone() File {
	c := *f
	c.Content, c.ProjectIDs = nil, slices.Clone(f.ProjectIDs)
	if f.DatasetID != nil {
		c.DatasetID = new(*f.DatasetID)
	}
	return c
}

// stored returns a File as it is stored.
func (s *Server) stored(f File) *file {
	data, err := s.state.dir.store(bytes.NewReader(f.Content))
	if err != nil {
		panic(fmt.Sprintf("sandbox: a file's content can't be stored: %s", err))
	}
	return &file{File: f.clone(), Stored: data}
}

// AddFile stores a file and returns it as stored. An empty Ref is a new one, an
// empty Type is "classmapping", and a Ref that is taken is replaced. Its name may
// be one that no upload can give it. It panics where there is no such organization.
func (s *Server) AddFile(organizationID int64, f File) File {
	if f.Ref == "" {
		f.Ref = newRef()
	}
	if f.Type == "" {
		f.Type = typeClassMapping
	}
	stored := s.stored(f)
	var added File
	s.mustChange(organizationID, func(org *organization) {
		if old := org.file(f.Type, f.Ref); old != nil {
			org.removeFile(old)
		}
		org.addFile(stored)
		if !f.Unlisted {
			org.list(f.Ref, stored)
		}
		added = org.copied(stored)
	})
	return added
}

// File returns a copy of a file, and whether there is one.
func (s *Server) File(organizationID int64, fileType, ref string) (found File, ok bool) {
	s.view(organizationID, func(org *organization) {
		if f := org.file(fileType, ref); f != nil {
			found, ok = org.copied(f), true
		}
	})
	return found, ok
}

// Files returns copies of an organization's files, in the order in which they were added.
func (s *Server) Files(organizationID int64) []File {
	var files []File
	s.view(organizationID, func(org *organization) {
		files = make([]File, len(org.Files))
		for i, f := range org.Files {
			files[i] = org.copied(f)
		}
	})
	return files
}

// UpdateFile stores what change makes of a file, and returns false where there is none. Its entry in
// settings.classMappingFiles follows. change must not call the server.
func (s *Server) UpdateFile(organizationID int64, fileType, ref string, change func(*File)) bool {
	return s.change(organizationID, func(org *organization) bool {
		f := org.file(fileType, ref)
		if f == nil {
			return false
		}
		changed := org.copied(f)
		change(&changed)
		if changed.Unlisted || changed.Type != typeClassMapping {
			org.unlist(f)
		}
		*f = *s.stored(changed)
		if !changed.Unlisted {
			org.list(ref, f)
		}
		return true
	})
}

// DeleteFile deletes a file, and returns false where there is none.
func (s *Server) DeleteFile(organizationID int64, fileType, ref string) bool {
	return s.change(organizationID, func(org *organization) bool {
		f := org.file(fileType, ref)
		if f != nil {
			org.removeFile(f)
		}
		return f != nil
	})
}
