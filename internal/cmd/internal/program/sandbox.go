package program

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// WithSandbox calls do with a new sandbox and closes it afterwards.
func WithSandbox(cfg sandbox.Config, do func(*sandbox.Local) error) (err error) {
	p, err := sandbox.NewLocal(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return do(p)
}

// ImportIDs returns the import ids of all organizations and files in a sandbox.
func ImportIDs(s *sandbox.Server) map[string]bool {
	ids := map[string]bool{}
	for _, org := range s.Organizations() {
		id := strconv.FormatInt(org.ID, 10)
		ids[id] = true
		for _, file := range s.Files(org.ID) {
			ids[FileImportID(id, file.Type, file.Ref)] = true
		}
	}
	return ids
}

// FileImportID returns the import id of a file.
func FileImportID(organizationID, fileType, ref string) string {
	return organizationID + "/" + url.PathEscape(fileType) + "/" + url.PathEscape(ref)
}
