// Command terraform-provider-guardai is the Terraform provider for GuardAI.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	tfaddr "github.com/hashicorp/terraform-registry-address"

	"github.com/guardai/terraform-provider-guardai/internal/export"
	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// The release build sets these.
var (
	version = "dev"
	commit  = "none"
	date    = "unknown"
)

const usage = `Usage: terraform-provider-guardai [-debug] [-version]
       terraform-provider-guardai export -help

Terraform and OpenTofu start this program. You can use it to export a GuardAI
platform as a Terraform configuration: see export -help.

  -debug     run under a debugger such as Delve
  -version   print the version, commit and date of this build, and exit
`

func main() {
	if len(os.Args) > 1 && os.Args[1] == "export" {
		os.Exit(runExport(os.Args[2:]))
	}
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	debugging := flag.Bool("debug", false, "")
	showVersion := flag.Bool("version", false, "")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "unexpected argument %q\n%s", flag.Arg(0), usage)
		os.Exit(2)
	}
	if *showVersion {
		fmt.Println(build()) //nolint:forbidigo // It is what the flag is for.
		return
	}
	// The CLI writes this to its log, at the level in brackets and with a time of its own.
	log.SetFlags(0)
	log.Print("[INFO] ", build())
	limitMemory(percentServing, limitServing)
	if !*debugging {
		limitLogs()
	}
	if err := serve(*debugging); err != nil {
		log.Fatal(err)
	}
}

// runExport writes a platform as configuration. Ctrl-C ends it in an orderly way.
func runExport(args []string) int {
	limitMemory(percentExporting, limitExporting)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return export.Command(ctx, args, export.Program{
		Stdout: os.Stdout, Stderr: os.Stderr, Version: version, Examples: examples(), Config: provider.ConfigFromEnvironment,
	})
}

// serve serves the provider until the CLI ends it or, in debugging, Ctrl-C does. Otherwise a Ctrl-C reaches the CLI
// and the provider alike, and ends the calls that are under way: while an apply is still planning, the CLI doesn't
// ask providers to stop.
func serve(debugging bool) error {
	address := tfaddr.Provider{Hostname: tfaddr.DefaultProviderRegistryHost, Namespace: "guardai", Type: "guardai"}
	if debugging {
		return tf6server.Serve(address.String(), provider.NewServer(version), tf6server.WithManagedDebug())
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return tf6server.Serve(address.String(), provider.NewServer(version, provider.WithInterrupt(interrupted)))
}

// When the garbage collector works, see limitMemory. An export makes more garbage and need not be as quick.
const (
	percentServing, limitServing     = 400, 64 << 20
	percentExporting, limitExporting = 100, 32 << 20
)

// limitMemory has the garbage collector work less while the provider takes little, which saves a fifth of its time in
// a plan of many objects, and harder once it takes more than 64 MiB: the framework copies a large response several
// times on its way to the CLI, and what it has dropped must not pile up. Live data may still take more, and GOGC and
// GOMEMLIMIT in the environment come first.
func limitMemory(percent int, limit int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}

// limitLogs has the framework log at the level that the CLI keeps: without TF_LOG it keeps nothing. The framework
// would write dozens of lines for each object all the same, and the CLI read and drop them, which takes half of the
// time of a plan. A level that the environment names for the framework comes first.
func limitLogs() {
	const all, framework, protocol = "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"
	level := cmp.Or(os.Getenv(all), os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")
	for _, variable := range []string{all, framework, protocol} {
		if err := os.Setenv(variable, cmp.Or(os.Getenv(variable), level)); err != nil {
			log.Print("[WARN] The level of the framework's log can't be set: ", err)
		}
	}
}

// build names the provider's version and what it was built from.
func build() string {
	return fmt.Sprintf("terraform-provider-guardai %s (commit %s, built %s)", version, commit, date)
}
