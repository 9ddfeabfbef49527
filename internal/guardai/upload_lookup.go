package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
)

// errUnlisted is why a file of an undocumented type can't be looked up.
var errUnlisted = errors.New("the platform lists no files of this type")

// uploadKey is what two uploads have in common if their results could be mistaken for each other.
type uploadKey struct {
	organizationID int64
	fileType, name string
}

// prepareLookup records which files the organization lists before an upload. If they can't be read, only the lookup
// after a lost response suffers, so the error is non-nil only after cancellation.
func (c *Client) prepareLookup(ctx context.Context, key FileKey) error {
	if key.Type != FileTypeClassMapping {
		return nil
	}
	err := c.recordInitialFiles(ctx, key.OrganizationID)
	if err == nil || isCanceled(ctx, err) {
		return err
	}
	c.initialFiles.record(key.OrganizationID, nil)
	return nil
}

// lookUpFile returns the files that may be the result of an upload: the file to replace, or newly listed files with the
// same content. certain reports whether they are known to be new. If there are none, it returns newly listed files with
// a similar name or with the same content under another one, because a platform may change what it is given. They are
// not certain.
func (c *Client) lookUpFile(ctx context.Context, upload Upload) (found []FileKey, certain bool, err error) {
	if upload.Ref != "" {
		if holds, err := c.hasContent(ctx, upload.FileKey, upload.SHA256); err == nil && holds {
			return []FileKey{upload.FileKey}, true, nil
		}
	}
	if upload.Type != FileTypeClassMapping {
		return nil, false, errUnlisted
	}
	org, err := c.ReadOrganization(ctx, upload.OrganizationID)
	if err != nil {
		return nil, false, err
	}
	return c.matchFiles(ctx, upload, org)
}

// matchFiles returns the files that an organization lists and that may be the result of an upload.
func (c *Client) matchFiles(ctx context.Context, upload Upload, org *Organization) (found []FileKey, certain bool, err error) {
	names := upload.possibleNames(org.Settings.ClassMappingFiles)
	var similar []FileKey
	added, certain := c.filesAdded(upload, org)
	for _, file := range added {
		key := FileKey{upload.OrganizationID, upload.Type, file.Ref}
		holds, err := c.hasContent(ctx, key, upload.SHA256)
		switch {
		case err != nil:
			return nil, false, err
		case holds && upload.mayBeResult(file, names):
			found = append(found, key)
		case holds || similarName(file.FileName, upload.Name):
			similar = append(similar, key)
		}
	}
	if len(found) == 0 && len(similar) > 0 {
		return similar, false, nil
	}
	return found, certain, nil
}

// filesAdded returns the listed files that weren't there before this run's first upload, and that this run isn't known
// to have made. certain reports whether it is known what was there.
func (c *Client) filesAdded(upload Upload, org *Organization) (added []ClassMappingFile, certain bool) {
	before, _ := c.initialFiles.get(upload.OrganizationID)
	for _, file := range org.Settings.ClassMappingFiles {
		key := FileKey{upload.OrganizationID, upload.Type, file.Ref}
		old := slices.ContainsFunc(before, func(initial ClassMappingFile) bool { return initial.Ref == file.Ref })
		if !old && file.Ref != "" && !c.files.hasCreated(key) {
			added = append(added, file)
		}
	}
	return added, before != nil
}

// possibleNames returns the names that the result of the upload may have. If the reference of the file to replace is no
// longer listed, the platform may have listed another one with the same name.
func (u Upload) possibleNames(listed []ClassMappingFile) []string {
	replaced := u.Ref != "" && !slices.ContainsFunc(listed, func(file ClassMappingFile) bool { return file.Ref == u.Ref })
	if replaced && u.PreviousName != "" {
		return []string{u.Name, u.PreviousName}
	}
	return []string{u.Name}
}

// mayBeResult reports whether a listed file may be the result of the upload, judging by its list entry.
func (u Upload) mayBeResult(file ClassMappingFile, names []string) bool {
	otherDataset := u.DatasetID != nil && (file.DatasetID == nil || *file.DatasetID != *u.DatasetID)
	hasName := slices.ContainsFunc(names, func(name string) bool { return SameName(file.FileName, name) })
	return hasName && !otherDataset
}

// hasContent reports whether a file exists and has this SHA-256 hash, in hexadecimal digits.
func (c *Client) hasContent(ctx context.Context, key FileKey, sha string) (bool, error) {
	return hasContent(sha, func(sink Sink) error { return c.downloadContent(ctx, key.request(http.MethodGet, ""), sink) })
}

// hasContent is Client.hasContent for any download.
func hasContent(sha string, download func(Sink) error) (bool, error) {
	var sum string
	err := download(func(_ string, content io.Reader) error {
		digest := sha256.New()
		_, err := io.Copy(digest, content)
		sum = hex.EncodeToString(digest.Sum(nil))
		return err
	})
	if IsNotFound(err) {
		return false, nil
	}
	return sum == sha, err
}
