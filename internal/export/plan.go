package export

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/organization"
)

// exportPlan is what an export adds: organizations, by id, with their new files.
type exportPlan struct {
	organizations []*organizationItem
	// first is set if nothing was exported to the folder before.
	first bool
}

// organizationItem is an organization that is new or has new files.
type organizationItem struct {
	*guardai.Organization
	recorded *recordedOrganization
	settings []organization.SettingValue
	// files are the new files, by name and reference.
	files []*fileItem
}

func (o *organizationItem) isNew() bool { return o.recorded.Pending }

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

// fileItem is a new file.
type fileItem struct {
	guardai.ClassMappingFile
	key      guardai.FileKey
	recorded *recordedFile
}

// hasName reports whether the file has a name that the provider accepts.
func (f *fileItem) hasName() bool { return !isBlank(f.FileName) }

func (f *fileItem) title() string {
	return fmt.Sprintf("file %s (%s)", f.recorded.ID, shortTitle(f.FileName))
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// plan finds what is new and assigns labels to it.
func (e *exporter) plan(platform found) (*exportPlan, error) {
	known := map[string]*recordedOrganization{}
	for _, org := range e.record.Organizations {
		known[org.ID] = org
	}
	plan := &exportPlan{first: !e.record.Complete}
	for _, org := range platform.selected {
		item := &organizationItem{Organization: org, recorded: known[component.FormatID(org.ID)]}
		if why := item.read(); why != "" {
			e.omit(why, "%s", title(org))
			continue
		}
		plan.organizations = append(plan.organizations, item)
	}
	organizationLabels, fileLabels, err := e.layout.labels(e.folder)
	if err != nil {
		return nil, err
	}
	e.labelOrganizations(plan, organizationLabels)
	if e.opts.files {
		if err := e.planFiles(plan, fileLabels); err != nil {
			return nil, err
		}
	}
	plan.organizations = slices.DeleteFunc(plan.organizations, func(org *organizationItem) bool {
		return !org.isNew() && len(org.files) == 0
	})
	return plan, nil
}

// read maps the organization's settings. why is the reason if it can't be exported.
func (o *organizationItem) read() (why string) {
	var err error
	switch o.settings, err = organization.SettingValues(o.Settings); {
	case isBlank(o.Name):
		return "its name is blank, which the provider rejects"
	case err != nil:
		return err.Error()
	}
	return ""
}

func (e *exporter) labelOrganizations(plan *exportPlan, labels *names) {
	var unlabeled []*organizationItem
	var candidates []candidate
	for _, org := range e.record.Organizations {
		labels.take(org.Label)
	}
	for _, org := range plan.organizations {
		if org.recorded != nil {
			continue
		}
		id := component.FormatID(org.ID)
		org.recorded = &recordedOrganization{ID: id, Pending: true}
		e.record.Organizations = append(e.record.Organizations, org.recorded)
		name := cmp.Or(e.layout.label(org.Name), "organization_"+id)
		unlabeled = append(unlabeled, org)
		candidates = append(candidates, candidate{name, withID(name, id)})
	}
	for i, label := range labels.assign(candidates) {
		unlabeled[i].recorded.Label = label
	}
}

// withID appends an id to a name, unless the name ends with it.
func withID(name, id string) string {
	if strings.HasSuffix(name, "_"+id) {
		return name
	}
	return name + "_" + id
}

// planFiles finds the new files and assigns labels to them.
func (e *exporter) planFiles(plan *exportPlan, labels *names) error {
	var all []*fileItem
	var candidates []candidate
	for _, file := range e.record.Files {
		labels.take(file.Label)
	}
	for _, org := range plan.organizations {
		if e.layout.ownFileLabels() {
			labels = newNames()
			all, candidates = nil, nil
		}
		unlabeled := e.newFiles(org)
		if err := e.placeFiles(org, unlabeled); err != nil {
			return err
		}
		for _, file := range unlabeled {
			all = append(all, file)
			candidates = append(candidates, e.layout.fileCandidate(org, file))
		}
		if e.layout.ownFileLabels() {
			labelFiles(all, labels.assign(candidates))
		}
	}
	if !e.layout.ownFileLabels() {
		labelFiles(all, labels.assign(candidates))
	}
	return nil
}

func labelFiles(files []*fileItem, labels []string) {
	for i, file := range files {
		file.recorded.Label = labels[i]
	}
}

// newFiles adds an organization's new files to it, and returns those without a label.
func (e *exporter) newFiles(org *organizationItem) (unlabeled []*fileItem) {
	known, moved := e.knownFiles(org)
	for _, listed := range sortedFiles(org.Settings.ClassMappingFiles) {
		if listed.Ref == "" {
			e.omit("the platform lists it without a reference", "file %s of %s", shortTitle(listed.FileName), title(org.Organization))
			continue
		}
		item := &fileItem{ClassMappingFile: listed, key: guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: listed.Ref}}
		id := component.FormatFileID(item.key)
		item.recorded = known[id]
		if item.recorded == nil && moved[listed.FileName] > 0 {
			// An upload may have changed the reference of an exported file.
			moved[listed.FileName]--
			continue
		}
		isNew := item.recorded == nil
		if isNew {
			item.recorded = &recordedFile{ID: id, OrganizationID: org.recorded.ID, Name: listed.FileName, Pending: true}
			known[id] = item.recorded
		}
		if why := e.layout.refuse(org, item); why != "" && item.recorded.Pending {
			e.omit(why, "%s of %s", item.title(), title(org.Organization))
			continue
		}
		if isNew {
			e.record.Files = append(e.record.Files, item.recorded)
			unlabeled = append(unlabeled, item)
		}
		if item.recorded.Pending {
			org.files = append(org.files, item)
		}
	}
	return unlabeled
}

// knownFiles returns the exported files of an organization by id, and how many of each name are no longer listed.
func (e *exporter) knownFiles(org *organizationItem) (known map[string]*recordedFile, moved map[string]int) {
	known, moved = map[string]*recordedFile{}, map[string]int{}
	for _, file := range e.record.Files {
		if file.OrganizationID == org.recorded.ID {
			known[file.ID] = file
			moved[file.Name]++
		}
	}
	for _, listed := range org.Settings.ClassMappingFiles {
		id := component.FormatFileID(guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: listed.Ref})
		if file := known[id]; file != nil {
			moved[file.Name]--
		}
	}
	return known, moved
}

// sortedFiles sorts files by name and reference, and removes duplicates.
func sortedFiles(listed []guardai.ClassMappingFile) []guardai.ClassMappingFile {
	var files []guardai.ClassMappingFile
	seen := map[string]bool{}
	for _, file := range listed {
		if file.Ref == "" || !seen[file.Ref] {
			files = append(files, file)
		}
		seen[file.Ref] = true
	}
	slices.SortStableFunc(files, func(a, b guardai.ClassMappingFile) int {
		return cmp.Or(cmp.Compare(a.FileName, b.FileName), cmp.Compare(a.Ref, b.Ref))
	})
	return files
}

// placeFiles assigns a path to the content of each file.
func (e *exporter) placeFiles(org *organizationItem, files []*fileItem) error {
	contents := e.layout.contents(org)
	taken := newNames()
	inUse, err := e.folder.list(path.Join(e.layout.root(), contents))
	if err != nil {
		return err
	}
	for _, name := range inUse {
		taken.take(name)
	}
	var candidates []candidate
	for _, file := range e.record.Files {
		if file.Path != "" && path.Dir(file.Path) == contents {
			taken.take(path.Base(file.Path))
		}
	}
	for _, file := range files {
		name := fileName(file.FileName)
		candidates = append(candidates, candidate{name, withSuffix(name, "-"+truncate(fileName(file.Ref), maxLabel))})
	}
	for i, name := range taken.assign(candidates) {
		files[i].recorded.Path = path.Join(contents, name)
	}
	return nil
}

// findVanished lists what was exported earlier and no longer exists on the platform.
func (e *exporter) findVanished(platform found) {
	for _, org := range e.record.Organizations {
		id, err := component.ParseID(org.ID)
		deleted := slices.Contains(platform.missing, org.ID) || platform.existing != nil && !platform.existing[id]
		if err == nil && !org.Pending && deleted {
			e.result.vanished = append(e.result.vanished, fmt.Sprintf("organization %s (%s)", org.ID, org.Label))
		}
	}
	listed := listedFiles(platform.selected)
	for _, file := range e.record.Files {
		names := listed[file.OrganizationID]
		if !file.Pending && names != nil && !names[file.ID] && !names[norm.NFC.String(file.Name)] {
			e.result.vanished = append(e.result.vanished, fmt.Sprintf("file %s (%s)", file.ID, file.Label))
		}
	}
}

// listedFiles returns the ids and names of each organization's files, by the organization's id.
func listedFiles(organizations []*guardai.Organization) map[string]map[string]bool {
	listed := map[string]map[string]bool{}
	for _, org := range organizations {
		names := map[string]bool{}
		for _, file := range org.Settings.ClassMappingFiles {
			names[component.FormatFileID(guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref})] = true
			names[norm.NFC.String(file.FileName)] = true
		}
		listed[component.FormatID(org.ID)] = names
	}
	return listed
}
