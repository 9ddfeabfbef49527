package sandbox

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
)

// typeClassMapping is the only file type that appears in settings.classMappingFiles.
const typeClassMapping = "classmapping"

// File is a file of an organization.
type File struct {
	// Ref is opaque to clients and may contain any character.
	Ref         string `json:"ref"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
	Content     []byte `json:"-"`
	// ProjectIDs are the projects that use the file.
	ProjectIDs []int64 `json:"projectIds,omitempty"`
	// Unlisted reports whether the organization's settings.classMappingFiles omits the file. It always omits files of
	// types other than "classmapping".
	Unlisted bool `json:"-"`
}

// file is a stored File, without Content and Unlisted: only the organization's settings say whether it is listed. Its
// pointers and slices are never modified in place.
type file struct {
	File
	Stored *content `json:"content"`
}

// newRef returns a random reference that looks like a UUID (RFC 9562, version 4).
func newRef() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // Never fails.
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

func (o *organization) removeFile(f *file) {
	o.Files = slices.DeleteFunc(o.Files, func(other *file) bool { return other == f })
	o.unlistFile(f)
}

// listing returns a copy of settings.classMappingFiles.
func (o *organization) listing() []any {
	list, _ := o.Settings[settingFiles].([]any)
	return slices.Clone(list)
}

func (o *organization) setListing(entries []any) {
	settings := map[string]any{}
	maps.Copy(settings, o.Settings)
	settings[settingFiles] = entries
	o.Settings = settings
}

// listingIndex returns the index of a ref in settings.classMappingFiles, or -1.
func (o *organization) listingIndex(ref string) int {
	list, _ := o.Settings[settingFiles].([]any)
	return slices.IndexFunc(list, func(element any) bool {
		entry, _ := element.(map[string]any)
		return entry["ref"] == ref
	})
}

func (o *organization) isListed(f *file) bool {
	return f.Type == typeClassMapping && o.listingIndex(f.Ref) >= 0
}

// listFile puts a file into settings.classMappingFiles, in place of the entry for oldRef if there is one. Unknown
// fields of that entry are kept.
func (o *organization) listFile(oldRef string, f *file) {
	if f.Type != typeClassMapping {
		return
	}
	entries, i := o.listing(), o.listingIndex(oldRef)
	if i < 0 {
		i = len(entries)
		entries = append(entries, map[string]any{})
	}
	old, _ := entries[i].(map[string]any)
	entry := maps.Clone(old)
	entry["ref"], entry["fileName"], entry["contentType"] = f.Ref, f.Name, f.ContentType
	delete(entry, "datasetId")
	if f.DatasetID != nil {
		entry["datasetId"] = jsonNumber(*f.DatasetID)
	}
	entries[i] = entry
	o.setListing(entries)
}

func (o *organization) unlistFile(f *file) {
	if i := o.listingIndex(f.Ref); i >= 0 && f.Type == typeClassMapping {
		o.setListing(slices.Delete(o.listing(), i, i+1))
	}
}

// copyFiles copies the files of a source to o. Listed files of the source are listed under their new refs.
func (o *organization) copyFiles(source *organization) {
	for _, f := range source.Files {
		duplicate := *f
		duplicate.Ref, duplicate.ProjectIDs = newRef(), nil
		o.Files = append(o.Files, &duplicate)
		if source.isListed(f) || o.isListed(f) {
			o.listFile(f.Ref, &duplicate)
		}
	}
}

// export returns a File that shares no memory with f. It panics if the content can't be read.
func (o *organization) export(f *file) File {
	c := f.clone()
	c.Content, c.Unlisted = f.bytes(), !o.isListed(f)
	return c
}

// bytes returns the content. It panics if it can't be read.
func (f *file) bytes() []byte {
	data, err := f.Stored.open()
	if err == nil {
		defer func() { _ = data.Close() }()
		var content []byte
		if content, err = io.ReadAll(data); err == nil {
			return content
		}
	}
	panic(fmt.Sprintf("sandbox: can't read a file's content: %s", err))
}

// stored returns the organization's files and the code files of its transforms and metrics.
func (o *organization) stored() []*file {
	all := slices.Clone(o.Files)
	for _, d := range slices.Concat(o.Transforms, o.Metrics) {
		if d.Code != nil {
			all = append(all, d.Code)
		}
	}
	return all
}

// clone returns a copy of f without content that shares no memory with f.
func (f *File) clone() File {
	c := *f
	c.Content, c.ProjectIDs = nil, slices.Clone(f.ProjectIDs)
	if f.DatasetID != nil {
		c.DatasetID = new(*f.DatasetID)
	}
	return c
}

func (s *Server) newFile(f File) *file {
	data, err := s.state.dir.store(bytes.NewReader(f.Content))
	if err != nil {
		panic(fmt.Sprintf("sandbox: can't store a file's content: %s", err))
	}
	return &file{File: f.clone(), Stored: data}
}

// AddFile stores a file and returns it as stored. An empty Ref gets a new value, an empty Type is "classmapping", and a
// file with the same Ref is replaced. Name isn't checked, unlike that of an upload. It panics if the organization
// doesn't exist.
func (s *Server) AddFile(organizationID int64, f File) File {
	if f.Ref == "" {
		f.Ref = newRef()
	}
	if f.Type == "" {
		f.Type = typeClassMapping
	}
	stored := s.newFile(f)
	var file File
	s.mustUpdate(organizationID, func(org *organization) {
		if old := org.file(f.Type, f.Ref); old != nil {
			org.removeFile(old)
		}
		org.Files = append(org.Files, stored)
		if !f.Unlisted {
			org.listFile(f.Ref, stored)
		}
		file = org.export(stored)
	})
	return file
}

// File returns a copy of a file, and whether it exists.
func (s *Server) File(organizationID int64, fileType, ref string) (file File, ok bool) {
	s.view(organizationID, func(org *organization) {
		if f := org.file(fileType, ref); f != nil {
			file, ok = org.export(f), true
		}
	})
	return file, ok
}

// Files returns copies of an organization's files in the order in which they were added.
func (s *Server) Files(organizationID int64) []File {
	var files []File
	s.view(organizationID, func(org *organization) {
		files = make([]File, len(org.Files))
		for i, f := range org.Files {
			files[i] = org.export(f)
		}
	})
	return files
}

// UpdateFile applies change to a file, updates its entry in settings.classMappingFiles, and reports whether the file
// exists. change must not call the server.
func (s *Server) UpdateFile(organizationID int64, fileType, ref string, change func(*File)) bool {
	return s.update(organizationID, func(org *organization) bool {
		f := org.file(fileType, ref)
		if f == nil {
			return false
		}
		changed := org.export(f)
		change(&changed)
		if changed.Unlisted || changed.Type != typeClassMapping {
			org.unlistFile(f)
		}
		*f = *s.newFile(changed)
		if !changed.Unlisted {
			org.listFile(ref, f)
		}
		return true
	})
}

// DeleteFile deletes a file and reports whether it existed.
func (s *Server) DeleteFile(organizationID int64, fileType, ref string) bool {
	return s.update(organizationID, func(org *organization) bool {
		f := org.file(fileType, ref)
		if f != nil {
			org.removeFile(f)
		}
		return f != nil
	})
}
