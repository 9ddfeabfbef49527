package faults

import (
	"fmt"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// kind is the effect of processing a call twice.
type kind int

const (
	reads kind = iota + 1
	// writes repeat the same change, or issue another token.
	writes
	// creates create another object.
	creates
)

// operation is an API call, with a configuration that requires it.
type operation struct {
	name string
	// call is the operation id.
	call string
	kind kind
	// emptyResponse means that the response has no body.
	emptyResponse bool
	// before is applied first; applying after requires the call.
	before, after configuration
}

// configuration maps file names to contents.
type configuration map[string]string

// contentCanary is part of every uploaded file, and must not occur anywhere else.
const contentCanary = "only-the-file-may-hold-this"

const (
	content    = "id,class\n1," + contentCanary + "\n"
	newContent = content + "2,pedestrian\n"

	doomedBlock             = "resource \"guardai_organization\" \"doomed\" {\n  name = \"doomed\"\n}\n"
	otherOrganizationsBlock = "resource \"guardai_organization\" \"others\" {\n  count = 4\n  name  = \"other ${count.index}\"\n}\n"
	listBlock               = "data \"guardai_organizations\" \"all\" {}\n"
)

func organizationBlock(name string, items int, arguments ...string) string {
	return fmt.Sprintf("resource \"guardai_organization\" %[1]q {\n  name           = %[1]q\n  max_item_count = %[2]d\n%[3]s}\n",
		name, items, strings.Join(arguments, ""))
}

func fileBlock(label, name string) string {
	return fmt.Sprintf("resource \"guardai_organization_file\" %q {\n  organization_id = guardai_organization.main.id\n"+
		"  name            = %q\n  source          = \"%s.csv\"\n}\n", label, name, label)
}

// configure returns a configuration of blocks, with the files that they may upload.
func configure(blocks ...string) configuration {
	return configuration{
		"main.tf":     cli.RequiredProviders + strings.Join(blocks, ""),
		"classes.csv": content, "more.csv": content,
	}
}

func (c configuration) with(name, text string) configuration {
	changed := configuration{name: text}
	for other, content := range c {
		if other != name {
			changed[other] = content
		}
	}
	return changed
}

// operations returns the columns of the matrix.
func operations() []operation {
	main, classes := organizationBlock("main", 10), fileBlock("classes", "classes.csv")
	changedMain := organizationBlock("main", 20)
	before := configure(main, classes)
	changed := configure(changedMain, classes)
	copied := organizationBlock("copy", 7, "  source_organization_id = guardai_organization.main.id\n")
	return []operation{
		{name: "create", call: "add_organization", kind: creates, before: before, after: configure(main, classes, organizationBlock("second", 5))},
		{name: "read", call: "get_organization", kind: reads, before: before, after: changed},
		{name: "update", call: "update_organization", kind: writes, before: before, after: changed},
		{name: "delete", call: "delete_organization", kind: writes, emptyResponse: true, before: configure(main, classes, doomedBlock), after: before},
		{name: "upload", call: "upload_organization_file", kind: creates, before: before, after: configure(main, classes, fileBlock("more", "more.csv"))},
		{name: "replace", call: "upload_organization_file", kind: creates, before: before, after: before.with("classes.csv", newContent)},
		{name: "rename", call: "rename_organization_file", kind: writes, emptyResponse: true, before: before, after: configure(main, fileBlock("classes", "renamed.csv"))},
		{name: "delete file", call: "delete_organization_file", kind: writes, emptyResponse: true, before: before, after: configure(main)},
		{name: "download", call: "download_organization_file", kind: reads, before: before, after: changed},
		{name: "copy", call: "copy_organization", kind: creates, before: before, after: configure(main, classes, copied)},
		{name: "list", call: "get_organizations", kind: reads, before: configure(main, classes, otherOrganizationsBlock), after: configure(changedMain, classes, otherOrganizationsBlock, listBlock)},
		{name: "check of stats", call: "update_org_stats", kind: reads, emptyResponse: true, before: configure(main, classes, doomedBlock), after: before},
		{name: "check of usage", call: "get_organization_file_usage", kind: reads, before: before, after: configure(main)},
		{name: "login", call: login, kind: writes, before: before, after: changed},
	}
}
