package sandbox

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"unicode/utf8"
)

// uploadPart is the part of a form that holds the file.
type uploadPart struct {
	fileName, contentType string
	content               *content
}

// receive reads an upload to its end. Nothing of it is left where it fails, be
// it because the client broke it off.
func (s *Server) receive(r *http.Request) (*uploadPart, error) {
	form, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return nil, unsupportedMediaType("Content-Type '" + r.Header.Get("Content-Type") + "' is not supported.")
	}
	if err != nil {
		return nil, badRequest("The form can't be read: " + err.Error())
	}
	var received *uploadPart
	for {
		part, err := form.NextRawPart()
		if err == io.EOF { //nolint:errorlint // A form that is cut off fails with an error that wraps io.EOF.
			break
		}
		if err == nil && received == nil && part.FormName() == "file" {
			received, err = s.receivePart(part)
		}
		if err != nil {
			received.discard()
			return nil, badRequest("The form can't be read: " + err.Error())
		}
	}
	if received == nil {
		return nil, badRequest("Required part 'file' is not present.")
	}
	return received, nil
}

func (s *Server) receivePart(part *multipart.Part) (*uploadPart, error) {
	fileName, err := partFileName(part)
	if err != nil {
		return nil, err
	}
	contentType := part.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	data, err := s.spool.take(part)
	if err != nil {
		return nil, err
	}
	return &uploadPart{fileName: fileName, contentType: contentType, content: data}, nil
}

// partFileName returns a part's file name as it was sent: quoted with escapes,
// in plain UTF-8, or encoded by RFC 5987 and RFC 2231. Part.FileName would cut it
// down to its last path element.
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

func (p *uploadPart) discard() {
	if p != nil {
		p.content.discard()
	}
}
