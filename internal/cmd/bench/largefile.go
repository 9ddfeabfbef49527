package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// largeFile measures a large file on its way to the platform and back.
type largeFile struct {
	*folder
	platform *platform
	file     string
	// curl and sha256sum are the paths of programs to compare with.
	curl, sha256sum string
	// times are those of each run.
	upload, verify, curlUp, curlDown, hash []time.Duration
	uploadPeak, verifyPeak                 int64
}

// largeFileLine measures an upload, and the verification that each plan makes,
// beside what curl and sha256sum take for the same.
func largeFileLine(chosen options) line {
	size := int64(1 << 30)
	if chosen.quick {
		size /= 10
	}
	name := fmt.Sprintf("file of %d MiB", size>>20)
	return line{name: name, measure: func(ctx context.Context, w *workspace, runs int) (_ []measurement, err error) {
		l, err := newLargeFile(ctx, w, size)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, l.stop()) }()
		for range runs {
			if err := l.run(ctx); err != nil {
				return nil, err
			}
		}
		if err := l.peaks(ctx); err != nil {
			return nil, err
		}
		hashes := 2 * median(l.hash)
		return []measurement{
			{name: name + ", upload", took: median(l.upload), beside: "`curl` up and 2 × `sha256sum`", besideTook: median(l.curlUp) + hashes, peak: l.uploadPeak},
			{name: name + ", verification", took: median(l.verify), beside: "`curl` down and 2 × `sha256sum`", besideTook: median(l.curlDown) + hashes, peak: l.verifyPeak},
		}, nil
	}}
}

func newLargeFile(ctx context.Context, w *workspace, size int64) (_ *largeFile, err error) {
	l := &largeFile{}
	for name, path := range map[string]*string{"curl": &l.curl, "sha256sum": &l.sha256sum} {
		if *path, err = exec.LookPath(name); err != nil {
			return nil, &missingProgramError{name}
		}
	}
	if l.platform, err = newPlatform(); err != nil {
		return nil, err
	}
	if l.folder, err = w.newFolder(l.platform.url); err != nil {
		return nil, errors.Join(err, l.platform.stop())
	}
	l.file = filepath.Join(l.dir, "large.bin")
	if err := l.prepare(ctx, size); err != nil {
		return nil, errors.Join(err, l.stop())
	}
	return l, nil
}

func (l *largeFile) stop() error { return errors.Join(l.remove(), l.platform.stop()) }

func (l *largeFile) prepare(ctx context.Context, size int64) error {
	seed(l.platform, curlID)
	if err := writeRandom(l.file, size); err != nil {
		return err
	}
	token, err := l.platform.logIn(ctx)
	if err != nil {
		return err
	}
	if err := l.write("headers", "Authorization: Bearer "+token+"\n"); err != nil {
		return err
	}
	return l.write("main.tf", requiredProviders+fmt.Sprintf(`resource "guardai_organization_file" "bench" {
  organization_id = %d
  source          = %q
}
`, firstID, l.file))
}

// curlID is the id of the organization that curl uploads to.
const curlID = firstID + 1

// run takes every time once.
func (l *largeFile) run(ctx context.Context) (err error) {
	for _, step := range []struct {
		times *[]time.Duration
		take  func() (time.Duration, error)
	}{
		{&l.upload, func() (time.Duration, error) { return l.apply(ctx) }},
		{&l.curlUp, func() (time.Duration, error) { return l.curlUpload(ctx) }},
		{&l.hash, func() (time.Duration, error) { return timed(run.Command(ctx, l.sha256sum, l.file)) }},
		{&l.verify, func() (time.Duration, error) { return l.plan(ctx) }},
		{&l.curlDown, func() (time.Duration, error) { return l.curlDownload(ctx) }},
	} {
		if *step.times, err = appendTime(*step.times, step.take); err != nil {
			return err
		}
	}
	return l.empty(ctx)
}

// empty deletes both files.
func (l *largeFile) empty(ctx context.Context) error {
	for _, file := range l.platform.Files(curlID) {
		l.platform.DeleteFile(curlID, file.Type, file.Ref)
	}
	_, err := l.terraform(ctx, "destroy", "-auto-approve", "-refresh=false")
	return err
}

// peaks measures what memory the provider takes for each of the two.
func (l *largeFile) peaks(ctx context.Context) (err error) {
	if l.uploadPeak, err = l.peakMemory(ctx, func(served *folder) error {
		_, err := served.apply(ctx)
		return err
	}); err != nil {
		return err
	}
	l.verifyPeak, err = l.peakMemory(ctx, func(served *folder) error {
		_, err := served.plan(ctx)
		return err
	})
	return err
}

func (l *largeFile) curlUpload(ctx context.Context) (time.Duration, error) {
	return l.runCurl(ctx, "reference", "", "-F", "file=@"+l.file)
}

func (l *largeFile) curlDownload(ctx context.Context) (time.Duration, error) {
	answer, err := l.read("reference")
	if err != nil {
		return 0, err
	}
	var ref string
	if err := json.Unmarshal(answer, &ref); err != nil {
		return 0, fmt.Errorf("the upload by curl answered %q: %w", answer, err)
	}
	return l.runCurl(ctx, os.DevNull, ref)
}

// runCurl calls the platform's endpoint for files, and writes the answer to a file
// of the folder.
func (l *largeFile) runCurl(ctx context.Context, answer, ref string, args ...string) (time.Duration, error) {
	query := url.Values{"type": {"classmapping"}}
	if ref != "" {
		query.Set("ref", ref)
	}
	target := fmt.Sprintf("%s/api/v1/organizations/%d/file?%s", l.platform.url, curlID, query.Encode())
	// -q has curl read no configuration of the user's.
	command := run.Command(ctx, l.curl, append([]string{"-q", "-sS", "-f", "--noproxy", "*", "-H", "@headers", "-o", answer, target}, args...)...)
	command.Dir = l.dir
	return timed(command)
}

// writeRandom writes a file that holds the same pseudo-random bytes each time.
func writeRandom(name string, size int64) error {
	file, err := os.Create(name) //nolint:gosec // It is in the benchmark's own folder.
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	_, err = io.CopyN(buffered, rand.NewChaCha8([32]byte{}), size)
	return errors.Join(err, buffered.Flush(), file.Close())
}
