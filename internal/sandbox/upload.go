package sandbox

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"unicode/utf8"
)

// receive reads an upload to its end. It leaves nothing behind on error, for example if the client disconnects.
func (s *Server) receive(r *http.Request, upload *file) error {
	form, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return unsupportedMediaType(r)
	}
	for err == nil {
		var part *multipart.Part
		part, err = form.NextRawPart()
		if err == nil && upload.Stored == nil && part.FormName() == "file" {
			err = s.receivePart(part, upload)
		}
	}
	switch {
	case err != io.EOF: //nolint:errorlint // The error of a truncated form wraps io.EOF.
		if upload.Stored != nil {
			upload.Stored.discard()
		}
		return badRequest("The form is malformed: " + err.Error())
	case upload.Stored == nil:
		return badRequest("Required part 'file' is not present.")
	}
	return nil
}

func (s *Server) receivePart(part *multipart.Part, upload *file) error {
	name, err := partFileName(part)
	if err != nil {
		return err
	}
	upload.Name, upload.ContentType = baseName(name), part.Header.Get("Content-Type")
	if upload.ContentType == "" {
		upload.ContentType = "application/octet-stream"
	}
	upload.Stored, err = s.state.dir.store(part)
	return err
}

// partFileName returns a part's file name, which may be a quoted string, plain UTF-8, or encoded as in RFC 5987 and RFC
// 2231.
func partFileName(part *multipart.Part) (string, error) {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return "", err
	}
	name := parameters["filename"]
	if !utf8.ValidString(name) {
		return "", errors.New("the file name is not UTF-8")
	}
	return name, nil
}
