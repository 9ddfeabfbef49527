package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// fileRequest is what every call about one file names in its path and query.
type fileRequest struct {
	organizationID int64
	fileType, ref  string
	query          url.Values
}

// readFileRequest checks a file call's path and query. Every parameter named in
// required must be there.
func readFileRequest(r *http.Request, required ...string) (*fileRequest, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("The query can't be parsed: " + err.Error())
	}
	for _, parameter := range required {
		if !query.Has(parameter) {
			return nil, badRequest("Required request parameter '" + parameter + "' is not present.")
		}
	}
	if strings.TrimSpace(query.Get("type")) == "" {
		return nil, badRequest("type must not be blank.")
	}
	return &fileRequest{organizationID: id, fileType: query.Get("type"), ref: query.Get("ref"), query: query}, nil
}

// find returns the file that a request names.
func (q *fileRequest) find(org *organization) (*file, error) {
	if f := org.file(q.fileType, q.ref); f != nil {
		return f, nil
	}
	return nil, notFound("There is no " + q.fileType + " file with reference '" + q.ref + "'.")
}

func (q *fileRequest) datasetID() (*int64, error) {
	if !q.query.Has("datasetId") {
		return nil, nil
	}
	id, err := strconv.ParseInt(q.query.Get("datasetId"), 10, 64)
	if err != nil {
		return nil, badRequest("The datasetId '" + q.query.Get("datasetId") + "' is not a number.")
	}
	return &id, nil
}

// uploadFile stores a file, or new content for the one that ref names. Nothing is
// stored before the upload has come in whole.
func (s *Server) uploadFile(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readFileRequest(r, "type")
	if err != nil {
		return err
	}
	datasetID, err := request.datasetID()
	if err != nil {
		return err
	}
	part, err := s.receive(r)
	if err != nil {
		return err
	}
	upload := &file{
		fileType: request.fileType, name: part.fileName, contentType: part.contentType,
		datasetID: datasetID, content: part.content,
	}
	status, ref, err := s.keep(request, who, upload)
	if err != nil {
		part.content.discard()
		return err
	}
	return s.answerRef(w, status, ref)
}

// keep stores a complete upload, and returns the status and ref to answer.
func (s *Server) keep(request *fileRequest, who *user, upload *file) (status int, ref string, err error) {
	err = s.state.update(request.organizationID, who, func(org *organization) error {
		if !request.query.Has("ref") {
			if upload.name == "" {
				return badRequest("Required part 'file' has no file name.")
			}
			upload.ref = newRef()
			org.addFile(upload)
			org.list(upload.ref, upload)
			status, ref = http.StatusCreated, upload.ref
			return nil
		}
		f, err := request.find(org)
		if err != nil {
			return err
		}
		s.replace(org, f, upload)
		status, ref = http.StatusOK, f.ref
		return nil
	})
	return status, ref, err
}

// replace gives a file what an upload brings. It is listed again even where its
// entry in settings.classMappingFiles was erased.
func (s *Server) replace(org *organization, f, upload *file) {
	oldRef := f.ref
	if s.config.ChangeRefOnUpdate {
		f.ref = newRef()
	}
	if upload.name != "" {
		f.name = upload.name
	}
	if upload.datasetID != nil {
		f.datasetID = upload.datasetID
	}
	f.contentType = upload.contentType
	f.replaceContent(upload.content)
	org.list(oldRef, f)
}

func (s *Server) answerRef(w http.ResponseWriter, status int, ref string) error {
	if !s.config.BareTextRefs {
		return writeJSON(w, status, ref)
	}
	writeBody(w, status, "text/plain;charset=UTF-8", []byte(ref))
	return nil
}

// downloadFile answers with the bytes alone: no header tells the file's name,
// since the documentation knows of none.
func (s *Server) downloadFile(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readFileRequest(r, "ref", "type")
	if err != nil {
		return err
	}
	var (
		body        io.ReadCloser
		size        int64
		contentType string
	)
	if err := s.state.view(request.organizationID, who, func(org *organization) error {
		f, err := request.find(org)
		if err != nil {
			return err
		}
		size, contentType = f.content.size, f.contentType
		body, err = f.content.open()
		return err
	}); err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	w.Header()["Content-Type"] = []string{contentType}
	if contentType == "" {
		w.Header()["Content-Type"] = nil // Keeps net/http from guessing one.
	}
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
	_, _ = io.Copy(w, body) // The client went away, or the connection broke.
	return nil
}

// renameFile gives a file another name. An entry in settings.classMappingFiles
// follows; one that was erased stays so.
func (s *Server) renameFile(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readFileRequest(r, "name", "ref", "type")
	if err != nil {
		return err
	}
	name := request.query.Get("name")
	if strings.TrimSpace(name) == "" {
		return badRequest("name must not be blank.")
	}
	if err := s.state.update(request.organizationID, who, func(org *organization) error {
		f, err := request.find(org)
		if err != nil {
			return err
		}
		f.name = name
		if org.lists(f) {
			org.list(f.ref, f)
		}
		return nil
	}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// deleteFile deletes a file, one in use too: protecting it is the client's job.
func (s *Server) deleteFile(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readFileRequest(r, "ref", "type")
	if err != nil {
		return err
	}
	if err := s.state.update(request.organizationID, who, func(org *organization) error {
		f, err := request.find(org)
		if err != nil {
			return err
		}
		org.removeFile(f)
		return nil
	}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) getFileUsage(w http.ResponseWriter, r *http.Request, who *user) error {
	request, err := readFileRequest(r, "ref", "type")
	if err != nil {
		return err
	}
	projects := json.RawMessage("[]")
	if err := s.state.view(request.organizationID, who, func(org *organization) error {
		f, err := request.find(org)
		if err != nil || len(f.projectIDs) == 0 {
			return err
		}
		projects, err = json.Marshal(f.projectIDs)
		return err
	}); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, projects)
}
