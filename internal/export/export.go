// Package export writes an existing platform as a Terraform configuration: organizations, their files, and import
// blocks for both. It only reads from the platform.
package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type options struct {
	out       string
	layout    string
	selection selection
	files     bool
	update    bool
	verify    bool
	// arguments holds the provider arguments that flags set, by name.
	arguments map[string]string
	config    guardai.Config
	// version is the provider's version, and examples the repository's examples.
	version  string
	examples fs.FS
}

// layout is a form of the configuration.
type layout interface {
	// labels returns the labels that organizations and files already use.
	labels(f *folder) (organizations, files *names, err error)
	// label returns the preferred label for an organization with this name; empty if none of its characters can be in a
	// label.
	label(name string) string
	// fileCandidate returns the candidate for a file's label.
	fileCandidate(org *organizationItem, file *fileItem) candidate
	// ownFileLabels reports whether file labels need to be unique only within an organization.
	ownFileLabels() bool
	// root returns the folder that the CLI runs in.
	root() string
	// contents returns the folder of an organization's files, below root.
	contents(org *organizationItem) string
	// refuse returns why a file can't be written; empty if it can.
	refuse(org *organizationItem, file *fileItem) string
	// write adds what is new to the folder.
	write(f *folder, plan *exportPlan) error
}

// result summarizes an export.
type result struct {
	// root is the folder that the CLI runs in.
	root                 string
	organizations, files int
	downloaded           int
	bytes                int64
	omitted              []omission
	vanished             []string
}

// omission is something that wasn't exported, and why.
type omission struct{ What, Why string }

func run(ctx context.Context, opts options, progress *progress) (*result, error) {
	before, err := recordIn(opts.out)
	if err != nil {
		return nil, err
	}
	opts = opts.completedFrom(before)
	if err := checkFolder(opts, before); err != nil {
		return nil, err
	}
	client, err := guardai.New(opts.config)
	if err != nil {
		return nil, err
	}
	platform, err := opts.selection.find(ctx, client)
	if err != nil {
		return nil, err
	}
	if len(platform.selected) == 0 && !opts.update {
		return nil, errors.New("no organization on the platform matches, so there is nothing to export")
	}
	f, err := openFolder(opts.out)
	if err != nil {
		return nil, err
	}
	e := &exporter{opts: opts, folder: f, client: client, progress: progress, layout: layoutOf(opts), record: before}
	if before == nil {
		e.record = &record{Version: recordVersion, Layout: opts.layout, Host: opts.config.Host, Selection: opts.selection}
	}
	err = e.run(ctx, platform)
	return &e.result, errors.Join(err, f.close())
}

func layoutOf(opts options) layout {
	if opts.layout == layoutGitOps {
		return gitOps{examples: opts.examples}
	}
	return flat{}
}

// completedFrom returns the options with what an update leaves open: the layout and the selection of the export that it
// updates. before is nil if there is none.
func (o options) completedFrom(before *record) options {
	if o.update && before != nil {
		o.layout = cmp.Or(o.layout, before.Layout)
		if o.selection.isEmpty() {
			o.selection = before.Selection
			o.selection.recorded = true
		}
	}
	o.layout = cmp.Or(o.layout, layoutFlat)
	return o
}

// checkFolder returns an error if this export must not write to the folder, which has the record before, or none.
func checkFolder(opts options, before *record) error {
	empty, err := isEmpty(opts.out)
	switch {
	case err != nil || empty:
		return err
	case before == nil && opts.update:
		return fmt.Errorf("the folder %s has no %s, which would list what was exported to it before. Export to an empty folder", opts.out, recordFile)
	case before == nil:
		return fmt.Errorf("the folder %s isn't empty. Choose another", opts.out)
	case !before.wasInterrupted() && !opts.update:
		return fmt.Errorf("the folder %s isn't empty. Choose another, or set -update to add what is new to this export", opts.out)
	case before.Layout != opts.layout:
		return fmt.Errorf("the folder %s has the layout %s; set -layout=%s", opts.out, before.Layout, before.Layout)
	case strings.TrimRight(before.Host, "/") != strings.TrimRight(opts.config.Host, "/"):
		return fmt.Errorf("the folder %s was exported from %s, and this is %s", opts.out, before.Host, opts.config.Host)
	}
	return nil
}

// exporter is an export in progress.
type exporter struct {
	opts     options
	folder   *folder
	client   *guardai.Client
	progress *progress
	layout   layout
	result   result
	record   *record
}

func (e *exporter) run(ctx context.Context, platform found) error {
	if e.record.Complete {
		managed, err := readState(ctx, filepath.Join(e.opts.out, e.layout.root()))
		if err != nil {
			return err
		}
		e.record.adopt(managed)
	}
	plan, err := e.plan(platform)
	if err != nil {
		return err
	}
	e.findVanished(platform)
	if err := e.record.write(e.folder); err != nil {
		return err
	}
	if err := e.download(ctx, plan); err != nil {
		return err
	}
	if err := e.dropVanished(ctx, plan); err != nil {
		return err
	}
	e.result.downloaded, e.result.bytes = e.progress.files, e.progress.bytes
	e.result.root = filepath.Join(e.opts.out, e.layout.root())
	return e.write(plan)
}

// write writes everything but the contents of files, which were downloaded before.
func (e *exporter) write(plan *exportPlan) error {
	if err := e.forgetOmitted(plan); err != nil {
		return err
	}
	if err := e.layout.write(e.folder, plan); err != nil {
		return err
	}
	for _, org := range plan.organizations {
		if org.isNew() {
			e.result.organizations++
		}
		org.recorded.Pending = false
		e.result.files += len(org.files)
		for _, file := range org.files {
			file.recorded.Pending = false
		}
	}
	if plan.first {
		if err := e.writeShared(); err != nil {
			return err
		}
	}
	e.record.Complete = true
	return e.record.write(e.folder)
}

// forgetOmitted removes what couldn't be exported from the record and the folder, so that a later export tries again.
func (e *exporter) forgetOmitted(plan *exportPlan) error {
	exported := map[string]bool{}
	for _, org := range plan.organizations {
		exported[org.recorded.ID] = true
		for _, file := range org.files {
			exported[file.recorded.ID] = true
		}
	}
	e.record.Organizations = filter(e.record.Organizations, func(org *recordedOrganization) bool {
		return exported[org.ID] || !org.Pending
	})
	var problems []error
	e.record.Files = filter(e.record.Files, func(file *recordedFile) bool {
		if exported[file.ID] || !file.Pending {
			return true
		}
		problems = append(problems, e.folder.remove(path.Join(e.layout.root(), file.Path)))
		return false
	})
	return errors.Join(problems...)
}

// writeShared adds the files that every layout has. Only a first export calls it, because their content may have been
// moved since.
func (e *exporter) writeShared() error {
	root := e.layout.root()
	text, err := readme(e.opts, &e.result)
	if err != nil {
		return err
	}
	return errors.Join(
		e.folder.add(path.Join(root, "versions.tf"), versions(e.opts)),
		e.folder.add(path.Join(root, "provider.tf"), providerBlock(e.opts)),
		e.folder.add(".gitignore", []byte(gitIgnore)),
		e.folder.add(".gitattributes", []byte(gitAttributes)),
		e.folder.add("README.md", text),
	)
}

func (e *exporter) omit(why, what string, args ...any) {
	e.result.omitted = append(e.result.omitted, omission{fmt.Sprintf(what, args...), why})
}
