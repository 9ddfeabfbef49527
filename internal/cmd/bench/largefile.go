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
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// largeFile measures the upload and download of a large file.
type largeFile struct {
	*folder
	platform *sandbox.Local
	file     string
	// curl and sha256sum are the paths of programs to compare with.
	curl, sha256sum string
	// One time for each run.
	upload, verify, curlUploadTimes, curlDownloadTimes, hash []time.Duration
}

// largeFileBenchmark measures an upload and the verification of each plan, compared with curl and sha256sum.
func largeFileBenchmark(chosen options) benchmark {
	size := int64(1 << 30)
	if chosen.quick {
		size /= 10
	}
	name := fmt.Sprintf("file of %d MiB", size>>20)
	return benchmark{name: name, measure: func(ctx context.Context, b *bench, runs int) (found []measurement, err error) {
		err = cli.WithSandbox(sandbox.Config{Latency: latency}, func(p *sandbox.Local) error {
			l := &largeFile{platform: p}
			if err := l.prepare(b, size); err != nil {
				return err
			}
			found, err = l.measure(ctx, name, runs)
			return err
		})
		return found, err
	}}
}

func (l *largeFile) prepare(b *bench, size int64) (err error) {
	for name, path := range map[string]*string{"curl": &l.curl, "sha256sum": &l.sha256sum} {
		if *path, err = exec.LookPath(name); err != nil {
			return &missingProgramError{name}
		}
	}
	if l.folder, err = b.folder(l.platform); err != nil {
		return err
	}
	l.file = l.Path("large.bin")
	seedOrganizations(l.platform, curlID)
	if err := writeRandom(l.file, size); err != nil {
		return err
	}
	if err := l.Write("headers", "Authorization: Bearer "+l.platform.AdminToken()+"\n"); err != nil {
		return err
	}
	return l.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(`resource "guardai_organization_file" "bench" {
  organization_id = %d
  source          = %q
}
`, firstID, l.file))
}

// curlID is the organization that curl uploads to.
const curlID = firstID + 1

func (l *largeFile) measure(ctx context.Context, name string, runs int) ([]measurement, error) {
	for range runs {
		if err := l.run(ctx); err != nil {
			return nil, err
		}
	}
	uploadPeak, err := l.peakMemory(ctx, (*folder).apply)
	if err != nil {
		return nil, err
	}
	verifyPeak, err := l.peakMemory(ctx, (*folder).plan)
	if err != nil {
		return nil, err
	}
	hashes := 2 * median(l.hash)
	return []measurement{
		{name: name + ", upload", took: median(l.upload), baseline: "`curl` up and 2 × `sha256sum`", baselineTook: median(l.curlUploadTimes) + hashes, peak: uploadPeak},
		{name: name + ", verification", took: median(l.verify), baseline: "`curl` down and 2 × `sha256sum`", baselineTook: median(l.curlDownloadTimes) + hashes, peak: verifyPeak},
	}, nil
}

// run measures each time once, and deletes both files.
func (l *largeFile) run(ctx context.Context) error {
	for _, step := range []struct {
		times   *[]time.Duration
		measure func(context.Context) (time.Duration, error)
	}{
		{&l.upload, l.apply},
		{&l.curlUploadTimes, l.curlUpload},
		{&l.hash, func(ctx context.Context) (time.Duration, error) { return timed(l.Program(ctx, l.sha256sum, l.file)) }},
		{&l.verify, l.plan},
		{&l.curlDownloadTimes, l.curlDownload},
	} {
		took, err := step.measure(ctx)
		if err != nil {
			return err
		}
		*step.times = append(*step.times, took)
	}
	for _, file := range l.platform.Files(curlID) {
		l.platform.DeleteFile(curlID, file.Type, file.Ref)
	}
	_, err := l.RequireSuccess(ctx, "destroy", "-auto-approve", "-refresh=false")
	return err
}

func (l *largeFile) curlUpload(ctx context.Context) (time.Duration, error) {
	return l.runCurl(ctx, "reference", "", "-F", "file=@"+l.file)
}

func (l *largeFile) curlDownload(ctx context.Context) (time.Duration, error) {
	response, err := l.Read("reference")
	if err != nil {
		return 0, err
	}
	var ref string
	if err := json.Unmarshal([]byte(response), &ref); err != nil {
		return 0, fmt.Errorf("the response to the upload by curl is %q: %w", response, err)
	}
	return l.runCurl(ctx, os.DevNull, ref)
}

// runCurl calls the platform's file endpoint and writes the response to a file.
func (l *largeFile) runCurl(ctx context.Context, response, ref string, args ...string) (time.Duration, error) {
	query := url.Values{"type": {"classmapping"}}
	if ref != "" {
		query.Set("ref", ref)
	}
	target := fmt.Sprintf("%s/api/v1/organizations/%d/file?%s", l.platform.URL, curlID, query.Encode())
	// -q ignores the user's curl configuration.
	return timed(l.Program(ctx, l.curl, append([]string{"-q", "-sS", "-f", "--noproxy", "*", "-H", "@headers", "-o", response, target}, args...)...))
}

// writeRandom writes a file with reproducible pseudo-random content.
func writeRandom(name string, size int64) error {
	file, err := os.Create(name) //nolint:gosec // The benchmark chooses the path.
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	_, err = io.CopyN(buffered, rand.NewChaCha8([32]byte{}), size)
	return errors.Join(err, buffered.Flush(), file.Close())
}
