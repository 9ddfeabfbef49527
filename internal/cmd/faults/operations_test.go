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

// operation is an API call of a change.
type operation struct {
	name string
	// call is the operation id.
	call string
	kind kind
	// emptyResponse means that the response has no body.
	emptyResponse bool
	*change
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
	memberBlock             = "resource \"guardai_organization_member\" \"tom\" {\n  organization_id = guardai_organization.main.id\n  email           = \"tom.ferreira@example.com\"\n}\n"
	transformBlock          = "resource \"guardai_transform\" \"fog\" {\n  organization_id = guardai_organization.main.id\n  name            = \"fog\"\n  description     = \"Adds fog.\"\n  source          = \"classes.csv\"\n}\n"
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
	configured := configure(main, classes)
	before, withDoomed := &start{configuration: configured}, &start{configuration: configure(main, classes, doomedBlock)}
	withOthers := &start{configuration: configure(main, classes, otherOrganizationsBlock)}

	create := &change{before: before, after: configure(main, classes, organizationBlock("second", 5))}
	update := &change{before: before, after: configure(changedMain, classes)}
	deletion := &change{before: withDoomed, after: configured}
	upload := &change{before: before, after: configure(main, classes, fileBlock("more", "more.csv"))}
	replace := &change{before: before, after: configured.with("classes.csv", newContent)}
	rename := &change{before: before, after: configure(main, fileBlock("classes", "renamed.csv"))}
	deletionOfFile := &change{before: before, after: configure(main)}
	copied := organizationBlock("copy", 7, "  source_organization_id = guardai_organization.main.id\n")
	copying := &change{before: before, after: configure(main, classes, copied)}
	withMember := configure(main, classes, memberBlock)
	addition, removal := &change{before: before, after: withMember}, &change{before: &start{configuration: withMember}, after: configured}
	metricBlock := strings.Replace(transformBlock, "guardai_transform", "guardai_metric", 1)
	transform, metric := &change{before: before, after: configure(main, classes, transformBlock)}, &change{before: before, after: configure(main, classes, metricBlock)}
	list := &change{before: withOthers, after: configure(changedMain, classes, otherOrganizationsBlock, listBlock)}

	return []operation{
		{name: "create", call: "add_organization", kind: creates, change: create},
		{name: "read", call: "get_organization", kind: reads, change: update},
		{name: "update", call: "update_organization", kind: writes, change: update},
		{name: "delete", call: "delete_organization", kind: writes, emptyResponse: true, change: deletion},
		{name: "upload", call: "upload_organization_file", kind: creates, change: upload},
		{name: "replace", call: "upload_organization_file", kind: creates, change: replace},
		{name: "rename", call: "rename_organization_file", kind: writes, emptyResponse: true, change: rename},
		{name: "delete file", call: "delete_organization_file", kind: writes, emptyResponse: true, change: deletionOfFile},
		{name: "download", call: "download_organization_file", kind: reads, change: update},
		{name: "copy", call: "copy_organization", kind: creates, change: copying},
		{name: "list", call: "get_organizations", kind: reads, change: list},
		{name: "add member", call: "update_user", kind: writes, change: addition},
		{name: "remove member", call: "update_user", kind: writes, change: removal},
		{name: "create transform", call: "add_transform", kind: creates, change: transform},
		{name: "define transform", call: "update_transform", kind: writes, change: transform},
		{name: "upload transform", call: "upload_file", kind: writes, change: transform},
		{name: "create metric", call: "add_metric", kind: creates, change: metric},
		{name: "define metric", call: "update_metric", kind: writes, change: metric},
		{name: "upload metric", call: "upload_metric_file", kind: writes, change: metric},
		{name: "check of stats", call: "update_org_stats", kind: reads, emptyResponse: true, change: deletion},
		{name: "check of usage", call: "get_organization_file_usage", kind: reads, change: deletionOfFile},
		{name: "login", call: login, kind: writes, change: update},
	}
}
