package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/organization"
)

// platform is what an export writes.
type platform struct {
	layout        layout
	organizations []*organizationItem
	// omitted is what no configuration can contain.
	omitted []omission
}

// organizationItem is an organization with its files, by name and reference.
type organizationItem struct {
	*guardai.Organization
	id, label  string
	settings   []setting
	files      []*fileItem
	members    []*memberItem
	transforms []*transformItem
}

// setting is an argument of an organization. value is a []string or an int64.
type setting struct {
	name  string
	value any
}

// fileItem is a file of an organization. path is where its content is, below the layout's root.
type fileItem struct {
	guardai.ClassMappingFile
	key             guardai.FileKey
	id, label, path string
}

// omission is something that wasn't exported, and why.
type omission struct{ What, Why string }

// read reads the selected organizations and assigns labels and paths. An organization that can't be read is an error.
func read(ctx context.Context, client *guardai.Client, opts options) (*platform, error) {
	organizations, err := readOrganizations(ctx, client, opts.ids)
	if err != nil {
		return nil, err
	}
	p := &platform{layout: opts.form()}
	matches := false
	for _, org := range organizations {
		if opts.nameRegex != nil && !guardai.MatchesName(opts.nameRegex, org.Name) {
			continue
		}
		matches = true
		item := &organizationItem{Organization: org, id: component.FormatID(org.ID)}
		item.settings, err = readSettings(org)
		switch {
		case isBlank(org.Name):
			p.omit("its name is blank, which the provider rejects", "%s with its files", title(org))
			continue
		case err != nil:
			p.omit(err.Error(), "%s with its files", title(org))
			continue
		}
		if opts.files {
			p.addFiles(item)
		}
		p.organizations = append(p.organizations, item)
	}
	if !matches {
		return nil, errors.New("no organization on the platform matches, so there is nothing to export")
	}
	if err := p.addMembers(ctx, client); err != nil {
		return nil, err
	}
	p.labelOrganizations()
	if err := p.addTransforms(ctx, client, opts.files); err != nil {
		return nil, err
	}
	p.labelFiles()
	p.labelMembers()
	return p, nil
}

// readOrganizations returns the organizations with these ids, or all organizations, by id. The export writes what this
// returns: if an organization is deleted later, a download or the import fails.
func readOrganizations(ctx context.Context, client *guardai.Client, ids []int64) ([]*guardai.Organization, error) {
	if len(ids) == 0 {
		all, err := client.ListOrganizations(ctx)
		if guardai.IsForbidden(err) {
			err = fmt.Errorf("without administrator rights, name the organizations that you can read, such as -organization 42 -organization 43: %w", err)
		}
		return all, err
	}
	var organizations []*guardai.Organization
	for _, id := range ids {
		org, err := client.GetOrganization(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("organization %d can't be read: %w", id, err)
		}
		organizations = append(organizations, org)
	}
	return organizations, nil
}

// readSettings returns the settings as a configuration sets them.
func readSettings(org *guardai.Organization) ([]setting, error) {
	values, err := organization.SettingValues(org.Settings)
	var settings []setting
	for _, v := range values {
		settings = append(settings, setting{v.Attribute, v.Value})
	}
	return settings, err
}

// addFiles adds an organization's files to it.
func (p *platform) addFiles(org *organizationItem) {
	files := slices.Clone(org.Settings.ClassMappingFiles)
	slices.SortStableFunc(files, func(a, b guardai.ClassMappingFile) int {
		return cmp.Or(cmp.Compare(a.FileName, b.FileName), cmp.Compare(a.Ref, b.Ref))
	})
	refs := map[string]bool{}
	for _, file := range files {
		item := &fileItem{ClassMappingFile: file, key: guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref}}
		item.id = component.FormatFileID(item.key)
		switch {
		case file.Ref == "":
			p.omit("the platform lists it without a reference", "file %s of %s", shortTitle(file.FileName), title(org.Organization))
		case isBlank(file.FileName):
			p.omit("the platform lists it without a name", "file %s of %s", item.id, title(org.Organization))
		case !refs[file.Ref]:
			org.files = append(org.files, item)
		}
		refs[file.Ref] = true
	}
}

func (p *platform) labelOrganizations() {
	var candidates []candidate
	for _, org := range p.organizations {
		name := cmp.Or(p.layout.label(org.Name), "organization_"+org.id)
		distinct := name
		if !strings.HasSuffix(name, "_"+org.id) {
			distinct += "_" + org.id
		}
		candidates = append(candidates, candidate{name, distinct})
	}
	for i, label := range newNames().assign(candidates) {
		p.organizations[i].label = label
	}
}

// labelFiles assigns labels, which are unique among all files, and paths.
func (p *platform) labelFiles() {
	var all []*fileItem
	var labels []candidate
	for _, org := range p.organizations {
		var paths []candidate
		for _, file := range org.files {
			stem := strings.TrimSuffix(file.FileName, path.Ext(file.FileName))
			name := org.label + p.layout.separator + fileLabel(stem)
			labels = append(labels, candidate{name, name + "_" + fileLabel(file.Ref)})
			name = fileName(file.FileName)
			paths = append(paths, candidate{name, withSuffix(name, "-"+truncate(fileName(file.Ref), maxLabel))})
		}
		for i, name := range newNames().assign(paths) {
			org.files[i].path = path.Join(p.layout.contents, org.label, name)
		}
		all = append(all, org.files...)
	}
	for i, label := range newNames().assign(labels) {
		all[i].label = label
	}
}

func fileLabel(name string) string { return cmp.Or(strings.TrimLeft(label(name), "_"), "file") }

func (p *platform) files() (n int) {
	for _, org := range p.organizations {
		n += len(org.files)
	}
	return n
}

// imports is how many objects the first plan imports.
func (p *platform) imports() int {
	return len(p.organizations) + p.files() + p.members() + p.transforms()
}

func (p *platform) counts() string {
	return fmt.Sprintf("%s, %s, %s and %s", count(len(p.organizations), "organization"), count(p.files(), "file"), count(p.members(), "member"), count(p.transforms(), "transform"))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (p *platform) omit(why, format string, args ...any) {
	p.omitted = append(p.omitted, omission{fmt.Sprintf(format, args...), why})
}

// title identifies an organization in messages.
func title(org *guardai.Organization) string {
	return fmt.Sprintf("organization %d (%s)", org.ID, shortTitle(org.Name))
}

// shortTitle quotes a name for messages, and shortens it.
func shortTitle(name string) string {
	const limit = 60
	if short := truncate(name, limit); short != name {
		return fmt.Sprintf("%q…", short)
	}
	return fmt.Sprintf("%q", name)
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }
