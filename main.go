// Command terraform-provider-guardai is the Terraform provider for GuardAI.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	tfaddr "github.com/hashicorp/terraform-registry-address"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// The release build sets these.
var (
	version = "dev"
	commit  = "none"
	date    = "unknown"
)

func main() {
	debug := flag.Bool("debug", false, "run the provider for a debugger, such as delve, to attach to")
	showVersion := flag.Bool("version", false, "print the version, commit and date of this build, and end")
	flag.Parse()
	if *showVersion {
		fmt.Printf("terraform-provider-guardai %s (commit %s, built %s)\n", version, commit, date) //nolint:forbidigo // It is what the flag is for.
		return
	}
	address := tfaddr.Provider{Hostname: tfaddr.DefaultProviderRegistryHost, Namespace: "guardai", Type: "guardai"}
	opts := providerserver.ServeOpts{Address: address.String(), Debug: *debug, ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), provider.New(version), opts); err != nil {
		log.Fatal(err)
	}
}
