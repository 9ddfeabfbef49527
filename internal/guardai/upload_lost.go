package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"sync"
)

// FileTypeClassMapping is the type of file that the documentation names, and the
// one that an organization's settings list.
const FileTypeClassMapping = "classmapping"

// errUnlisted is why a file of another type can't be looked for.
var errUnlisted = errors.New("the platform lists no files of this type")

// foundFile is a file that a lost upload may have made.
type foundFile struct {
	key       FileKey
	datasetID int64
	sha256    string
	// certain says that the file is new for certain.
	certain bool
}

// importID is the file's id in an import: its three parts, path-escaped.
func (f foundFile) importID() string {
	return strconv.FormatInt(f.key.OrganizationID, 10) + "/" + url.PathEscape(f.key.Type) + "/" + url.PathEscape(f.key.Ref)
}

// creation describes the upload to whoever looks for it.
func (u Upload) creation() *creation[foundFile] {
	this := &creation[foundFile]{
		key:     creationKey{organizationID: u.OrganizationID, fileType: u.Type, name: u.Name},
		request: u.SHA256,
		made:    func(file foundFile) bool { return file.sha256 == u.SHA256 },
	}
	if u.DatasetID != nil {
		this.request += fmt.Sprintf(" for dataset %d", *u.DatasetID)
		this.made = func(file foundFile) bool { return file.sha256 == u.SHA256 && file.datasetID == *u.DatasetID }
	}
	return this
}

func (c *Client) searchFiles(upload Upload) search[foundFile] {
	return search[foundFile]{
		look: func(ctx context.Context, lost []*creation[foundFile]) ([]foundFile, error) {
			return c.newFiles(ctx, upload.FileKey, upload.Name, lost)
		},
		importID: foundFile.importID,
		certain:  func(file foundFile) bool { return file.certain },
	}
}

// newFiles lists what any of the lost uploads of a name can have made: files that
// weren't listed before and that hold what was sent.
func (c *Client) newFiles(ctx context.Context, key FileKey, name string, lost []*creation[foundFile]) ([]foundFile, error) {
	if key.Type != FileTypeClassMapping {
		return nil, errUnlisted
	}
	org, err := c.ReadOrganization(ctx, key.OrganizationID)
	if err != nil {
		return nil, err
	}
	before := c.listings.of(key.OrganizationID)
	var found []foundFile
	for _, entry := range org.Settings.ClassMappingFiles {
		file := foundFile{key: FileKey{key.OrganizationID, key.Type, entry.Ref}, certain: before != nil}
		if _, old := before[entry.Ref]; old || entry.Ref == "" || entry.FileName != name || c.uploaded.owns(file.importID()) {
			continue
		}
		if entry.DatasetID != nil {
			file.datasetID = *entry.DatasetID
		}
		there, err := c.hashInto(ctx, &file)
		if err != nil {
			return nil, err
		}
		if there && madeByAny(lost, file) {
			found = append(found, file)
		}
	}
	return found, nil
}

// hashInto notes what a file holds. It reports false where the file has gone.
func (c *Client) hashInto(ctx context.Context, file *foundFile) (there bool, err error) {
	file.sha256, err = c.hash(ctx, file.key)
	if IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func madeByAny(lost []*creation[foundFile], file foundFile) bool {
	for _, each := range lost {
		if each.made(file) {
			return true
		}
	}
	return false
}

// holds says whether the file that an upload was to replace holds what was sent.
func (c *Client) holds(ctx context.Context, upload Upload) bool {
	sum, err := c.hash(ctx, upload.FileKey)
	return err == nil && sum == upload.SHA256
}

// hash is the SHA-256 of what the platform holds of a file, in hexadecimal digits.
func (c *Client) hash(ctx context.Context, key FileKey) (string, error) {
	var sum string
	err := c.DownloadFile(ctx, key, func(_ string, content io.Reader) error {
		digest := sha256.New()
		_, err := io.Copy(digest, content)
		sum = hex.EncodeToString(digest.Sum(nil))
		return err
	})
	return sum, err
}

// listings remembers which files each organization listed before this run sent it
// the first: what a lost upload made isn't among them.
type listings struct {
	mu sync.Mutex
	// refs has nil for an organization whose listing couldn't be read in time.
	refs map[int64]map[string]struct{}
}

func newListings() *listings {
	return &listings{refs: map[int64]map[string]struct{}{}}
}

// take reads the listing before the first upload to an organization. One that
// can't be read is only missing when an answer is lost, so that the error is
// about cancellation alone; reading it later would be too late.
func (l *listings) take(ctx context.Context, c *Client, key FileKey) error {
	if key.Type != FileTypeClassMapping || l.taken(key.OrganizationID) {
		return nil
	}
	org, err := c.GetOrganization(ctx, key.OrganizationID)
	if err != nil && isCanceled(ctx, err) {
		return err
	}
	var refs map[string]struct{}
	if err == nil && !org.Partial {
		refs = map[string]struct{}{}
		for _, entry := range org.Settings.ClassMappingFiles {
			refs[entry.Ref] = struct{}{}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, taken := l.refs[key.OrganizationID]; !taken {
		l.refs[key.OrganizationID] = refs
	}
	return nil
}

func (l *listings) taken(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, taken := l.refs[id]
	return taken
}

// of returns the references that an organization listed, nil where that isn't known.
func (l *listings) of(id int64) map[string]struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refs[id]
}
