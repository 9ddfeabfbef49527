package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
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
// same content. certain reports whether they are known to be new.
func (c *Client) lookUpFile(ctx context.Context, upload Upload) (keys []FileKey, certain bool, err error) {
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
	before, _ := c.initialFiles.get(upload.OrganizationID)
	names := upload.possibleNames(org.Settings.ClassMappingFiles)
	for _, file := range org.Settings.ClassMappingFiles {
		key := FileKey{upload.OrganizationID, upload.Type, file.Ref}
		old := slices.ContainsFunc(before, func(initial ClassMappingFile) bool { return initial.Ref == file.Ref })
		if old || c.files.hasCreated(key) || !upload.mayBeResult(file, names) {
			continue
		}
		holds, err := c.hasContent(ctx, key, upload.SHA256)
		if err != nil {
			return nil, false, err
		}
		if holds {
			keys = append(keys, key)
		}
	}
	return keys, before != nil, nil
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
	return file.Ref != "" && hasName && !otherDataset
}

// hasContent reports whether a file exists and has this SHA-256 hash, in hexadecimal digits.
func (c *Client) hasContent(ctx context.Context, key FileKey, sha string) (bool, error) {
	var sum string
	err := c.download(ctx, key, func(_ string, content io.Reader) error {
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
