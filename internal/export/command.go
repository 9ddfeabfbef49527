package export

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Program is what the command needs from the program that runs it.
type Program struct {
	Stdout, Stderr io.Writer
	// Version is the provider's version.
	Version string
	// Examples contains the folders gitops and modules of the repository's examples.
	Examples fs.FS
	// Config returns the client's configuration. flags is keyed by provider argument.
	Config func(flags map[string]string) (guardai.Config, error)
}

const usage = `Usage: terraform-provider-guardai export -out FOLDER [options]

Writes the organizations of a GuardAI platform, with their files, members and
custom transforms, as a Terraform configuration that is ready to commit: a block
for each of them, the contents of files, the code of transforms, import blocks,
and a README that lists the next steps and what isn't exported, such as metrics.
The export only reads from the platform. The first plan of the configuration
imports everything and changes nothing.

What to export:
  -out FOLDER            folder to write to; it must be empty or not exist yet.
                         It appears once the export is complete
  -organization ID       export only this organization; can be repeated.
                         Default: all organizations, which requires
                         administrator rights
  -name-regex REGEX      export only organizations whose name matches (RE2)
  -files=false           omit files and the code of transforms

How to write it:
  -layout flat           a block for each object (default)
  -layout gitops         a YAML file for each organization and a module, as in
                         examples/gitops; needs Terraform 1.7 or OpenTofu 1.8
  -verify                run a plan with the terraform or tofu on the PATH, apply
                         it to a temporary state, and plan again; fail, and
                         write nothing, unless the first plan only imports, the
                         second shows no changes, and a clone of a Git
                         repository with the folder has the same files

Which platform (each flag overrides the environment variable in parentheses):
  -host URL                       base URL (GUARDAI_HOST)
  -config-file FILE               configuration file of GuardAI's Python client
                                  (GUARDAI_CONFIG_FILE)
  -max-retries N                  (GUARDAI_MAX_RETRIES)
  -max-requests-per-second N      (GUARDAI_MAX_REQUESTS_PER_SECOND)
  -request-timeout DURATION       (GUARDAI_REQUEST_TIMEOUT)
  -ca-certificate FILE            (GUARDAI_CA_CERTIFICATE)
  -insecure-skip-verify           don't verify the platform's certificate

Credentials come from the environment (GUARDAI_API_KEY_ID and GUARDAI_API_KEY,
or GUARDAI_TOKEN) or from the configuration file. There are no flags for them,
because other users of the machine can see flags.

An export is whole or not at all. It fails, and leaves nothing at -out, if an
organization or a file can't be read. It doesn't update an earlier export: write
to another folder, and compare the two, for example with diff -r.

Examples:
  export GUARDAI_HOST=https://guardai.navinfo.cloud
  export GUARDAI_API_KEY_ID=… GUARDAI_API_KEY=…
  terraform-provider-guardai export -out platform -verify
  terraform-provider-guardai export -out some -organization 42 -organization 43
  terraform-provider-guardai export -out teams -layout gitops -name-regex '^Team'
`

// Command runs the export command and returns its exit code.
func Command(ctx context.Context, args []string, program Program) int {
	opts, err := parse(args, program)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(program.Stdout, usage)
		return exitDone
	case err != nil:
		fmt.Fprintf(program.Stderr, "Error: %s\n\nRun terraform-provider-guardai export -help for usage.\n", withFullStop(err.Error()))
		return exitUsage
	}
	p, verified, err := run(ctx, opts, program.Stderr)
	switch {
	case ctx.Err() != nil && err != nil:
		fmt.Fprintln(program.Stderr, "Interrupted. Nothing was exported.")
		return exitFailed
	case err != nil:
		fmt.Fprintln(program.Stderr, errorMessage(err))
		return exitFailed
	}
	fmt.Fprintf(program.Stdout, "Exported %s.\n", p.counts())
	if len(p.omitted) > 0 {
		fmt.Fprintln(program.Stdout, "Not exported:")
	}
	for _, o := range p.omitted {
		fmt.Fprintf(program.Stdout, "  %s: %s\n", o.What, o.Why)
	}
	if opts.verify {
		fmt.Fprintln(program.Stdout, verified)
	}
	fmt.Fprintf(program.Stdout, "The next steps are in %s.\n", filepath.Join(opts.out, "README.md"))
	return exitDone
}

func errorMessage(err error) string {
	message, remedy := "Error: "+withFullStop(err.Error()), component.Remedy(err)
	if file, ok := errors.AsType[*downloadError](err); ok {
		remedy = file.remedy()
	}
	if remedy != "" {
		message += "\n\n" + remedy
	}
	return message
}

// withFullStop ends a text with exactly one full stop.
func withFullStop(text string) string { return strings.TrimRight(text, ". \n") + "." }

// parse parses the flags, and loads the client's configuration.
func parse(args []string, program Program) (options, error) {
	opts := options{version: program.Version, examples: program.Examples, arguments: map[string]string{}}
	flags := flagSet(&opts)
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	switch {
	case flags.NArg() > 0:
		return opts, fmt.Errorf("unexpected argument %q; flags begin with a dash", flags.Arg(0))
	case opts.out == "":
		return opts, errors.New("-out is missing; name the folder to write to")
	case opts.layout != layoutFlat && opts.layout != layoutGitOps:
		return opts, fmt.Errorf("-layout is %q, and must be %s or %s", opts.layout, layoutFlat, layoutGitOps)
	}
	slices.Sort(opts.ids)
	var err error
	opts.config, err = program.Config(opts.arguments)
	opts.config.UserAgent = "terraform-provider-guardai/" + program.Version + " export"
	return opts, err
}

// flagSet returns flags that set the options. The constant usage describes them.
func flagSet(o *options) *flag.FlagSet {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.out, "out", "", "")
	flags.StringVar(&o.layout, "layout", layoutFlat, "")
	flags.BoolVar(&o.files, "files", true, "")
	flags.BoolVar(&o.verify, "verify", false, "")
	flags.Func("organization", "", func(text string) error {
		id, err := component.ParseID(text)
		if err == nil && !slices.Contains(o.ids, id) {
			o.ids = append(o.ids, id)
		}
		return err
	})
	flags.Func("name-regex", "", func(text string) (err error) {
		o.nameRegex, err = regexp.Compile(norm.NFC.String(text))
		return err
	})
	for _, name := range []string{"host", "config-file", "max-retries", "max-requests-per-second", "request-timeout", "ca-certificate"} {
		flags.Func(name, "", func(text string) error {
			if text == "" {
				return errors.New("it is empty")
			}
			o.arguments[strings.ReplaceAll(name, "-", "_")] = text
			return nil
		})
	}
	flags.BoolFunc("insecure-skip-verify", "", func(text string) error {
		skip, err := strconv.ParseBool(text)
		if skip {
			o.arguments["insecure_skip_verify"] = "true"
		}
		return err
	})
	return flags
}
