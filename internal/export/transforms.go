package export

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/guardai/terraform-provider-guardai/internal/definition"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// transformsFile contains the blocks of transforms in every layout: the module has no variable for them.
const transformsFile = "transforms.tf"

// transformItem is a custom transform of an organization. path is where its code is, below the layout's root; empty if it
// isn't exported.
type transformItem struct {
	guardai.Definition
	key         guardai.DefinitionKey
	label, path string
}

// addTransforms adds the custom transforms of all organizations, with their code if code is set. Metrics are left out:
// nothing tells which organization one belongs to.
func (p *platform) addTransforms(ctx context.Context, client *guardai.Client, code bool) error {
	metrics, err := client.ListDefinitions(ctx, guardai.MetricKind, 0)
	if err != nil && !guardai.IsForbidden(err) {
		return err
	}
	for _, metric := range metrics {
		p.omit("the API doesn't report which organization a metric belongs to", "metric %s (id %s)", shortTitle(metric.Name), metric.ID)
	}
	var labels, paths []candidate
	var all []*transformItem
	for _, org := range p.organizations {
		transforms, err := client.ListDefinitions(ctx, guardai.TransformKind, org.ID)
		switch {
		case guardai.IsForbidden(err):
			p.omit("the caller isn't allowed to list them", "transforms of %s", title(org.Organization))
		case err != nil:
			return err
		}
		slices.SortStableFunc(transforms, func(a, b guardai.Definition) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		for _, transform := range transforms {
			if isBlank(transform.Name) {
				p.omit("its name is blank, which the provider rejects", "transform %s of %s", transform.ID, title(org.Organization))
				continue
			}
			item := &transformItem{Definition: transform, key: guardai.DefinitionKey{Kind: guardai.TransformKind, OrganizationID: org.ID, ID: transform.ID}}
			name := org.label + "_" + cmp.Or(strings.TrimLeft(label(transform.Name), "_"), "transform")
			labels = append(labels, candidate{name, name + "_" + transform.ID})
			name = fileName(transform.Name) + ".py"
			paths = append(paths, candidate{path.Join(org.label, name), path.Join(org.label, withSuffix(name, "-"+transform.ID))})
			org.transforms, all = append(org.transforms, item), append(all, item)
		}
	}
	assigned := newNames().assign(paths)
	for i, label := range newNames().assign(labels) {
		all[i].label = label
		if code {
			all[i].path = path.Join("transforms", assigned[i])
		}
	}
	return nil
}

func (p *platform) transforms() (n int) {
	for _, org := range p.organizations {
		n += len(org.transforms)
	}
	return n
}

// transformBlocks returns the blocks of an organization's transforms. organization is the expression of its id.
func transformBlocks(org *organizationItem, organization string) []block {
	var blocks []block
	for _, t := range org.transforms {
		b := block{file: transformsFile, kind: "guardai_transform", label: t.label, importID: t.key.String()}
		b.arguments = []string{fmt.Sprintf("organization_id = %s\n", organization)}
		for _, a := range definition.TransformArguments(&t.Definition) {
			b.arguments = append(b.arguments, fmt.Sprintf("%s = %s\n", a.Name, definitionValue(a)))
		}
		if t.path != "" {
			// As for a file, the import names the source exactly as the argument does.
			b.importID += "?source=./" + t.path
			b.arguments = append(b.arguments, fmt.Sprintf("source = \"${path.module}/%s\"\n", t.path))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// definitionValue returns the expression of an argument. JSON becomes a call of jsonencode, unless that would change the
// form of a number.
func definitionValue(a definition.Argument) string {
	valueType, err := ctyjson.ImpliedType(a.Value)
	value, valueErr := ctyjson.Unmarshal(a.Value, valueType)
	if err != nil || valueErr != nil {
		return hcl(cty.StringVal(string(a.Value)))
	}
	if !a.IsJSON {
		return hcl(value)
	}
	encoded, err := ctyjson.Marshal(value, valueType)
	if err == nil && guardai.SameField(a.Name, encoded, a.Value) {
		return "jsonencode(" + hcl(value) + ")"
	}
	return hcl(cty.StringVal(string(a.Value)))
}

// writeTransforms writes the blocks of the GitOps layout's transforms, and returns their import blocks.
func writeTransforms(f *folder, p *platform) (imports string, err error) {
	var blocks, importBlocks bytes.Buffer
	for _, org := range p.organizations {
		for _, b := range transformBlocks(org, fmt.Sprintf("module.organization[%s].id", hcl(cty.StringVal(org.label)))) {
			fmt.Fprintf(&blocks, "%s\n", b.text())
			fmt.Fprintf(&importBlocks, "\n%s", b.importText())
		}
	}
	if blocks.Len() == 0 {
		return "", nil
	}
	text := append([]byte("# The module manages no transforms.\n\n"), bytes.TrimRight(blocks.Bytes(), "\n")...)
	return string(hclwrite.Format(importBlocks.Bytes())), f.write(path.Join(p.layout.root, transformsFile), hclwrite.Format(append(text, '\n')))
}

// code returns the code files of an organization's transforms, as contents to download.
func (org *organizationItem) code(client *guardai.Client) []content {
	var all []content
	for _, t := range org.transforms {
		if t.path == "" {
			continue
		}
		all = append(all, content{
			title: fmt.Sprintf("the code of transform %s (%s) of %s", t.ID, shortTitle(t.Name), title(org.Organization)), path: t.path, mediaType: "text/x-python",
			fetch:   func(ctx context.Context, sink guardai.Sink) error { return client.DownloadCode(ctx, t.key, sink) },
			missing: func() { t.path = "" },
		})
	}
	return all
}
