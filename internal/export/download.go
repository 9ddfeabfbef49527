package export

import (
	"context"
	"errors"
	"io"
	"os"
	"path"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxDownloads is how many files are downloaded at once.
const maxDownloads = 10

// download gets the contents that aren't there yet. What can't be had is left out.
func (e *exporter) download(ctx context.Context, what *platform) error {
	e.progress.start(len(what.organizations))
	defer e.progress.end()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxDownloads)
	failed := map[*fileItem]*error{}
	for _, org := range what.organizations {
		left := e.progress.organization(len(org.files))
		for _, file := range org.files {
			failure := new(error)
			failed[file] = failure
			group.Go(func() error {
				defer left()
				err := e.downloadFile(ctx, file)
				if isOfOneFile(err) {
					*failure, err = err, nil
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, org := range what.organizations {
		org.files = kept(org.files, func(file *fileItem) bool {
			err := *failed[file]
			if err != nil {
				e.omit(reason(err), "%s of %s", file.title(), title(org.Organization))
			}
			return err == nil
		})
	}
	return nil
}

func (e *exporter) downloadFile(ctx context.Context, file *fileItem) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name := path.Join(e.layout.root(), file.recorded.Path)
	if e.folder.has(name) {
		// An export that was interrupted has it.
		return nil
	}
	err := e.folder.create(name, func(to *os.File) error {
		return e.client.DownloadFile(ctx, file.key, func(contentType string, content io.Reader) error {
			if err := component.RejectHTMLPage(contentType, file.ContentType); err != nil {
				return err
			}
			return e.save(to, content)
		})
	})
	if err == nil {
		e.progress.downloaded()
	}
	return err
}

// save writes a content, over what an attempt that broke off has left.
func (e *exporter) save(to *os.File, content io.Reader) error {
	if err := to.Truncate(0); err != nil {
		return err
	}
	if _, err := to.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(to, e.progress.counting(content))
	return err
}

// internalError is the status of a platform that fails at what it is asked for.
const internalError = 500

// isOfOneFile reports whether a download failed in a way that says nothing about
// others.
func isOfOneFile(err error) bool {
	failure, ok := errors.AsType[*guardai.Error](err)
	return ok && (guardai.IsForbidden(err) || guardai.IsNotFound(err) || failure.Status == internalError || failure.Kind == guardai.KindInvalidResponse)
}

func reason(err error) string {
	if guardai.IsNotFound(err) {
		return "it vanished while the export ran"
	}
	return "it couldn't be downloaded: " + err.Error()
}

// dropVanished leaves out what has gone from the platform since it was listed: an import
// of it would fail, and the whole plan with it. What is there still is taken as it is
// now.
func (e *exporter) dropVanished(ctx context.Context, what *platform) error {
	client, err := guardai.New(e.opts.config)
	if err != nil {
		return err
	}
	present := map[int64]*guardai.Organization{}
	now, _, err := e.opts.selection.read(ctx, client)
	if err != nil {
		return err
	}
	for _, org := range now {
		present[org.ID] = org
	}
	organizations := what.organizations
	what.organizations = nil
	for _, org := range organizations {
		if why := org.renew(present[org.ID]); why != "" {
			e.omit(why, "%s with its files", title(org.Organization))
			continue
		}
		e.renewFiles(org)
		what.organizations = append(what.organizations, org)
	}
	return nil
}

// renew takes an organization as it is now; why says that it can't be exported any
// more.
func (o *organizationItem) renew(now *guardai.Organization) (why string) {
	if now == nil {
		return "it vanished while the export ran"
	}
	o.Organization = now
	return o.read()
}

// renewFiles takes an organization's files as they are listed now.
func (e *exporter) renewFiles(org *organizationItem) {
	listed := map[string]guardai.ClassMappingFile{}
	for _, file := range sortedFiles(org.Settings.ClassMappingFiles) {
		listed[file.Ref] = file
	}
	org.files = kept(org.files, func(file *fileItem) bool {
		now, ok := listed[file.Ref]
		if !ok {
			e.omit("it vanished while the export ran", "%s of %s", file.title(), title(org.Organization))
			return false
		}
		file.ClassMappingFile = now
		return true
	})
}

func kept[T any](all []T, keep func(T) bool) []T {
	var some []T
	for _, one := range all {
		if keep(one) {
			some = append(some, one)
		}
	}
	return some
}
