package export

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// writeShared writes the files that every layout has.
func writeShared(f *folder, p *platform, opts options) error {
	text, err := readme(p, opts)
	if err != nil {
		return err
	}
	attributes, err := fs.ReadFile(opts.examples, "gitops/.gitattributes")
	if err != nil {
		return err
	}
	return errors.Join(
		f.write(path.Join(p.layout.root, "versions.tf"), versions(opts)),
		f.write(path.Join(p.layout.root, "provider.tf"), providerBlock(opts)),
		f.write(".gitattributes", attributes),
		f.write("README.md", text),
	)
}

//go:embed readme.md.tmpl
var readmeText string

var readmeTemplate = template.Must(template.New("README.md").Parse(readmeText))

// readme returns README.md, which describes the folder, the next steps and the omissions.
func readme(p *platform, opts options) ([]byte, error) {
	// Names may contain Markdown.
	plain := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "|", `\|`)
	var omitted []omission
	for _, o := range p.omitted {
		omitted = append(omitted, omission{plain.Replace(o.What), plain.Replace(o.Why)})
	}
	var out bytes.Buffer
	err := readmeTemplate.Execute(&out, map[string]any{
		"Host":       opts.config.Host,
		"GitOps":     opts.layout == layoutGitOps,
		"Counts":     p.counts(),
		"Imports":    p.imports(),
		"Files":      p.files() > 0,
		"Members":    p.members() > 0,
		"Transforms": p.transforms() > 0,
		"Omitted":    omitted,
	})
	return out.Bytes(), err
}

// versions returns versions.tf.
func versions(opts options) []byte {
	required := ">= 1.5"
	if opts.layout == layoutGitOps {
		// Import blocks with for_each.
		required = ">= 1.7"
	}
	return fmt.Appendf(nil, `terraform {
  required_version = %q

  required_providers {
    guardai = {
      source  = "guardai/guardai"
      version = %q
    }
  }
}
`, required, constraint(opts.version))
}

// prerelease matches the suffixes of published pre-releases. Builds from a checkout have others.
var prerelease = regexp.MustCompile(`^(alpha|beta|rc)\b`)

// constraint returns the version constraint for the provider: this version, or newer ones without breaking changes.
func constraint(text string) string {
	this, err := version.NewSemver(text)
	switch {
	case err != nil || !strings.Contains(text, "."):
		return "~> 0.1"
	case prerelease.MatchString(this.Prerelease()):
		return this.Original()
	}
	segments := this.Segments()
	return fmt.Sprintf("~> %d.%d", segments[0], segments[1])
}

const providerComment = `# Credentials come from the environment (GUARDAI_API_KEY_ID and GUARDAI_API_KEY, or GUARDAI_TOKEN) or from the file
# that GUARDAI_CONFIG_FILE names. Keep them out of this file.
`

// providerBlock returns provider.tf, without secrets.
func providerBlock(opts options) []byte {
	lines := []string{providerComment, "provider \"guardai\" {\n", argument("host", cty.StringVal(opts.config.Host))}
	for _, name := range slices.Sorted(maps.Keys(opts.arguments)) {
		value := cty.StringVal(opts.arguments[name])
		switch name {
		case "max_retries", "max_requests_per_second":
			number, err := cty.ParseNumberVal(opts.arguments[name])
			if err != nil {
				continue
			}
			value = number
		case "insecure_skip_verify":
			value = cty.True
		case "request_timeout":
		default:
			continue
		}
		lines = append(lines, argument(name, value))
	}
	return hclwrite.Format([]byte(strings.Join(lines, "") + "}\n"))
}
