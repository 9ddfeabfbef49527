// Package export writes an existing platform as a Terraform configuration: organizations, their files and members, and
// import blocks for all of them. It only reads from the platform.
package export

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"regexp"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type options struct {
	out    string
	layout string
	// ids selects organizations, which are read one by one. If there are none, all organizations are selected.
	ids       []int64
	nameRegex *regexp.Regexp
	files     bool
	verify    bool
	// arguments holds the provider arguments that flags set, by name.
	arguments map[string]string
	config    guardai.Config
	// version is the provider's version, and examples the repository's examples.
	version  string
	examples fs.FS
}

// layout is a form of the configuration.
type layout struct {
	// root is the folder that the CLI runs in, and contents the folder of the files' contents, below root.
	root, contents string
	// label returns the preferred label for an organization with this name; empty if none of its characters can be in a
	// label.
	label func(name string) string
	// emails is set if members are identified only by email address.
	emails bool
	// separator is between the labels of an organization and its file in the file's label.
	separator string
	// write writes everything that only this layout has.
	write func(f *folder, p *platform, opts options) error
}

func (o options) form() layout {
	if o.layout == layoutGitOps {
		return gitOps
	}
	return flat
}

// run exports the platform to the folder opts.out, whole or not at all. With opts.verify, the folder appears only if the
// verification succeeds; result describes it.
func run(ctx context.Context, opts options, log io.Writer) (p *platform, result string, err error) {
	if err := checkOut(opts.out); err != nil {
		return nil, "", err
	}
	if opts.verify {
		if _, err := findCLI(); err != nil {
			return nil, "", err
		}
	}
	client, err := guardai.New(opts.config)
	if err != nil {
		return nil, "", err
	}
	p, err = read(ctx, client, opts)
	if err != nil {
		return nil, "", err
	}
	f, err := createFolder(opts.out)
	if err != nil {
		return nil, "", err
	}
	if result, err = fill(ctx, f, client, p, opts, log); err == nil {
		err = f.publish()
	}
	if err != nil {
		return nil, "", errors.Join(err, f.discard())
	}
	return p, result, nil
}

// fill writes all files of the export to a folder, and verifies them if opts.verify is set.
func fill(ctx context.Context, f *folder, client *guardai.Client, p *platform, opts options, log io.Writer) (result string, err error) {
	if err := download(ctx, client, f, p, log); err != nil {
		return "", err
	}
	if err := p.layout.write(f, p, opts); err != nil {
		return "", err
	}
	if err := writeShared(f, p, opts); err != nil {
		return "", err
	}
	if !opts.verify {
		return "", nil
	}
	return verify(ctx, f, p, opts, log)
}
