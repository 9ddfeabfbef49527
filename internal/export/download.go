package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const maxDownloads = 10

// download downloads the contents that the folder doesn't have yet, and omits files that fail on their own.
func (e *exporter) download(ctx context.Context, plan *exportPlan) error {
	e.progress.start(len(plan.organizations))
	defer e.progress.end()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxDownloads)
	failed := map[*fileItem]*error{}
	for _, org := range plan.organizations {
		left := e.progress.organization(len(org.files))
		for _, file := range org.files {
			failure := new(error)
			failed[file] = failure
			group.Go(func() error {
				defer left()
				err := e.downloadFile(ctx, file)
				switch {
				case affectsOneFile(err):
					*failure = err
				case err != nil:
					return fmt.Errorf("%s of %s: %w", file.title(), title(org.Organization), err)
				}
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, org := range plan.organizations {
		org.files = filter(org.files, func(file *fileItem) bool {
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
		// An interrupted export has downloaded it.
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

// save writes content over what a failed attempt may have left.
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

const internalError = 500

// affectsOneFile reports whether a failed download says nothing about other files.
func affectsOneFile(err error) bool {
	failure, ok := errors.AsType[*guardai.Error](err)
	return ok && (guardai.IsForbidden(err) || guardai.IsNotFound(err) || failure.Status == internalError || failure.Kind == rest.KindInvalidResponse)
}

func reason(err error) string {
	if guardai.IsNotFound(err) {
		return "it vanished while the export ran"
	}
	return "it couldn't be downloaded: " + err.Error()
}

// dropVanished omits what was deleted from the platform since it was listed, because one failing import makes the whole
// plan fail. It updates the rest.
func (e *exporter) dropVanished(ctx context.Context, plan *exportPlan) error {
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
	organizations := plan.organizations
	plan.organizations = nil
	for _, org := range organizations {
		if why := org.update(present[org.ID]); why != "" {
			e.omit(why, "%s with its files", title(org.Organization))
			continue
		}
		e.updateFiles(org)
		plan.organizations = append(plan.organizations, org)
	}
	return nil
}

// update replaces an organization by a later reading. why is the reason if it can no longer be exported.
func (o *organizationItem) update(now *guardai.Organization) (why string) {
	if now == nil {
		return "it vanished while the export ran"
	}
	o.Organization = now
	return o.read()
}

// updateFiles replaces an organization's files by their current list entries.
func (e *exporter) updateFiles(org *organizationItem) {
	listed := map[string]guardai.ClassMappingFile{}
	for _, file := range sortedFiles(org.Settings.ClassMappingFiles) {
		listed[file.Ref] = file
	}
	org.files = filter(org.files, func(file *fileItem) bool {
		now, ok := listed[file.Ref]
		if !ok {
			e.omit("it vanished while the export ran", "%s of %s", file.title(), title(org.Organization))
			return false
		}
		file.ClassMappingFile = now
		return true
	})
}

func filter[T any](all []T, keep func(T) bool) []T {
	var some []T
	for _, one := range all {
		if keep(one) {
			some = append(some, one)
		}
	}
	return some
}
