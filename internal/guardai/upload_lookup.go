package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

// errUnlisted is why a file of another type can't be looked up.
var errUnlisted = errors.New("the platform lists no files of this type")

// fileName is what two uploads share that could be mistaken for each other.
type fileName struct {
	organizationID int64
	fileType, name string
}

// lookUpFile lists what an upload can have made: the file that it was to replace, or files that weren't listed before
// and that hold what was sent. They are certain to be new where it is known what was listed before.
func (c *Client) lookUpFile(ctx context.Context, upload Upload) (found []FileKey, certain bool, err error) {
	if upload.Ref != "" {
		if holds, err := c.holds(ctx, upload.FileKey, upload.SHA256); err == nil && holds {
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
	before := c.listedBefore(upload.OrganizationID)
	for _, file := range org.Settings.ClassMappingFiles {
		key := FileKey{upload.OrganizationID, upload.Type, file.Ref}
		if _, old := before[file.Ref]; old || c.files.owns(key) || !upload.mayHaveMade(file) {
			continue
		}
		holds, err := c.holds(ctx, key, upload.SHA256)
		if err != nil {
			return nil, false, err
		}
		if holds {
			found = append(found, key)
		}
	}
	return found, before != nil, nil
}

// mayHaveMade says whether a listed file can be the upload's, as far as the list shows.
func (u Upload) mayHaveMade(file ClassMappingFile) bool {
	otherDataset := u.DatasetID != nil && (file.DatasetID == nil || *file.DatasetID != *u.DatasetID)
	return file.Ref != "" && SameName(file.FileName, u.Name) && !otherDataset
}

// holds says whether a file is there and has this SHA-256, in hexadecimal digits.
func (c *Client) holds(ctx context.Context, key FileKey, sha string) (bool, error) {
	var sum string
	err := c.DownloadFile(ctx, key, func(_ string, content io.Reader) error {
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

// noteListing reads the listing before the first upload to an organization. One that can't be read is only missing
// when a response is lost, so that the error is about cancellation alone; reading it later would be too late.
func (c *Client) noteListing(ctx context.Context, key FileKey) error {
	if _, noted := c.listings.Load(key.OrganizationID); noted || key.Type != FileTypeClassMapping {
		return nil
	}
	org, err := c.GetOrganization(ctx, key.OrganizationID)
	if err != nil && isCanceled(ctx, err) {
		return err
	}
	var refs map[string]struct{}
	if err == nil && !org.Partial {
		refs = map[string]struct{}{}
		for _, file := range org.Settings.ClassMappingFiles {
			refs[file.Ref] = struct{}{}
		}
	}
	c.listings.LoadOrStore(key.OrganizationID, refs)
	return nil
}

// listedBefore returns the references that an organization listed, nil where that isn't known.
func (c *Client) listedBefore(id int64) map[string]struct{} {
	noted, _ := c.listings.Load(id)
	refs, _ := noted.(map[string]struct{})
	return refs
}
