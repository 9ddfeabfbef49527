package export

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

const maxDownloads = 10

// downloadError is the error of a file that the platform lists.
type downloadError struct {
	file string
	err  error
}

func (e *downloadError) Error() string {
	return fmt.Sprintf("%s can't be downloaded: %v", e.file, e.err)
}

func (e *downloadError) Unwrap() error { return e.err }

func (e *downloadError) remedy() string {
	const without = "To export without files, set -files=false."
	if guardai.IsNotFound(e.err) {
		return "The organization lists this file, but the platform has no content for it. If it was deleted just now, export again. " + without
	}
	if remedy := component.Remedy(e.err); remedy != "" {
		return remedy + " " + without
	}
	return without
}

// content is a content to download.
type content struct {
	title, path string
	// mediaType is the media type that the platform reports; empty if unknown.
	mediaType string
	fetch     func(context.Context, guardai.Sink) error
	// missing is called if there is no content; nil if that is an error.
	missing func()
}

// contents returns the contents of all files and transforms.
func (p *platform) contents(client *guardai.Client) []content {
	var all []content
	for _, org := range p.organizations {
		for _, file := range org.files {
			all = append(all, content{
				title: fmt.Sprintf("file %s (%s) of %s", file.id, shortTitle(file.FileName), title(org.Organization)), path: file.path, mediaType: file.ContentType,
				fetch: func(ctx context.Context, sink guardai.Sink) error { return client.DownloadFile(ctx, file.key, sink) },
			})
		}
		all = append(all, org.code(client)...)
	}
	return all
}

// download downloads the contents of all files and transforms.
func download(ctx context.Context, client *guardai.Client, f *folder, p *platform, log io.Writer) error {
	contents := p.contents(client)
	progress := &progress{to: log}
	progress.start(len(contents))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxDownloads)
	for _, c := range contents {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			name := path.Join(p.layout.root, c.path)
			err := f.create(name, func(to *os.File) error { return c.download(ctx, to, progress) })
			switch {
			case c.missing != nil && guardai.IsNotFound(err):
				c.missing()
				return f.root.Remove(name)
			case err != nil:
				return &downloadError{c.title, err}
			}
			progress.done()
			return nil
		})
	}
	return group.Wait()
}

// download downloads a content over what a failed attempt may have left.
func (c content) download(ctx context.Context, to *os.File, progress io.Writer) error {
	return c.fetch(ctx, func(contentType string, content io.Reader) error {
		if err := component.RejectHTMLPage(contentType, c.mediaType); err != nil {
			return err
		}
		if err := to.Truncate(0); err != nil {
			return err
		}
		if _, err := to.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.Copy(to, io.TeeReader(content, progress))
		return err
	})
}

// progressInterval is the time between two lines of progress.
const progressInterval = 10 * time.Second

// progress writes a line now and then. It counts the bytes that are written to it.
type progress struct {
	to io.Writer

	mu           sync.Mutex
	total, files int
	bytes        int64
	next         time.Time
}

func (p *progress) start(files int) {
	p.total, p.next = files, time.Now().Add(progressInterval)
	if files > 0 {
		fmt.Fprintf(p.to, "Downloading %s.\n", count(files, "file"))
	}
}

func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files++
}

func (p *progress) Write(content []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += int64(len(content))
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(progressInterval)
		fmt.Fprintf(p.to, "Downloaded %d of %s, %d MiB.\n", p.files, count(p.total, "file"), p.bytes>>20)
	}
	return len(content), nil
}
