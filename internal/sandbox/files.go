package sandbox

import (
	"io"
	"net/http"
	"strconv"
	"strings"
)

// file returns the file that the query names.
func (c *call) file(org *organization) (*file, error) {
	fileType, ref := c.query.Get("type"), c.query.Get("ref")
	if f := org.file(fileType, ref); f != nil {
		return f, nil
	}
	return nil, notFound("There is no " + fileType + " file with reference '" + ref + "'.")
}

// baseName returns the last element of a path with either separator, as the platform does.
func baseName(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// uploadFile stores a new file, or new content for an existing one. Nothing is stored before the upload is complete.
func (s *Server) uploadFile(c *call) (any, error) {
	upload := &file{File: File{Type: c.query.Get("type")}}
	if c.query.Has("datasetId") {
		id, err := strconv.ParseInt(c.query.Get("datasetId"), 10, 64)
		if err != nil {
			return nil, badRequest("The datasetId '" + c.query.Get("datasetId") + "' is not a number.")
		}
		upload.DatasetID = &id
	}
	if err := s.receive(c.r, upload); err != nil {
		return nil, err
	}
	ref, err := s.updateHandler(func(c *call, org *organization) (any, error) {
		if c.query.Has("ref") {
			return s.replaceFile(c, org, upload)
		}
		if upload.Name == "" {
			return nil, badRequest("Required part 'file' has no file name.")
		}
		upload.Ref = newRef()
		org.Files = append(org.Files, upload)
		org.listFile(upload.Ref, upload)
		return upload.Ref, nil
	})(c)
	if err != nil {
		upload.Stored.discard()
		return nil, err
	}
	if text, ok := ref.(string); ok && s.config.Unusual {
		return bareText(text), nil
	}
	return ref, nil
}

// replaceFile replaces a file with an upload. A file that the settings no longer list is listed again, without its old
// dataset id, which only the listing held.
func (s *Server) replaceFile(c *call, org *organization, upload *file) (any, error) {
	f, err := c.file(org)
	if err != nil {
		return nil, err
	}
	c.status = http.StatusOK
	oldRef := f.Ref
	if s.config.Unusual {
		f.Ref = newRef()
	}
	if upload.Name != "" && !s.config.Unusual {
		f.Name = upload.Name
	}
	if upload.DatasetID != nil || f.Type == typeClassMapping && org.listingIndex(oldRef) < 0 {
		f.DatasetID = upload.DatasetID
	}
	f.ContentType, f.Stored = upload.ContentType, upload.Stored
	if !s.config.Unusual || org.listingIndex(oldRef) >= 0 {
		org.listFile(oldRef, f)
	}
	return f.Ref, nil
}

// download is the content of a file.
type download struct {
	contentType string
	size        int64
	data        io.ReadCloser
}

func downloadFile(c *call, org *organization) (any, error) {
	f, err := c.file(org)
	if err != nil {
		return nil, err
	}
	return f.download()
}

func (f *file) download() (any, error) {
	data, err := f.Stored.open()
	return &download{f.ContentType, f.Stored.Size, data}, err
}

// write sends the content. No header contains the file's name, because the documentation mentions no such header.
func (d *download) write(w http.ResponseWriter) {
	defer func() { _ = d.data.Close() }()
	w.Header()["Content-Type"] = []string{d.contentType}
	if d.contentType == "" {
		w.Header()["Content-Type"] = nil // Otherwise net/http guesses one.
	}
	w.Header().Set("Content-Length", strconv.FormatInt(d.size, 10))
	w.WriteHeader(http.StatusOK)
	_, _ = io.Copy(w, d.data) // A disconnected client is not an error.
}

// renameFile renames a file. The name of a class mapping file is stored only in settings.classMappingFiles: if the file
// isn't listed there, the call succeeds without an effect.
func renameFile(c *call, org *organization) (any, error) {
	f, err := c.file(org)
	if err != nil {
		return nil, err
	}
	name := baseName(c.query.Get("name"))
	if strings.TrimSpace(name) == "" {
		return nil, badRequest("name must not be blank.")
	}
	if f.Type != typeClassMapping || org.isListed(f) {
		f.Name = name
		org.listFile(f.Ref, f)
	}
	return nil, nil
}

// deleteFile deletes a file even if projects use it: protecting it is up to the client.
func deleteFile(c *call, org *organization) (any, error) {
	f, err := c.file(org)
	if err == nil {
		org.removeFile(f)
	}
	return nil, err
}

func getFileUsage(c *call, org *organization) (any, error) {
	f, err := c.file(org)
	if err != nil {
		return nil, err
	}
	return append([]int64{}, f.ProjectIDs...), nil
}
