package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const stateFile = "terraform.tfstate"

// requiredProviders begins each configuration.
const requiredProviders = `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}

`

// planned is a kind of configuration of which plans are measured.
type planned struct {
	name  string
	count int
	// oneByOne is how many calls it takes if each object takes its own.
	oneByOne int
	// prepare puts the objects on a platform, and their configuration and state into
	// a folder.
	prepare func(ctx context.Context, f *folder, p *platform, count int) error
	// noFloor leaves the comparison out.
	noFloor bool
	// noPeak leaves the memory out.
	noPeak bool
}

// planLines are the lines that measure plans.
func planLines(chosen options) []line {
	scale := func(count int) int {
		if chosen.quick {
			return count / 10
		}
		return count
	}
	kinds := []planned{
		{name: "plan of organizations", count: 100, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 500, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 2000, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 5000, oneByOne: 1, prepare: organizations},
		{name: "plan of resources that do nothing", count: 500, prepare: idles, noPeak: true},
		{name: "plan of organizations as data sources", count: 500, oneByOne: 1, prepare: dataSources},
		{name: "plan of a list of organizations", count: 1000, prepare: listed, noFloor: true},
		{name: "plan of a list of organizations", count: 10000, prepare: listed, noFloor: true},
		{name: "plan of files, content verified", count: 100, oneByOne: 2, prepare: files(true)},
		{name: "plan of files, content verified", count: 500, oneByOne: 2, prepare: files(true)},
		{name: "plan of files, content not verified", count: 100, oneByOne: 1, prepare: files(false)},
		{name: "plan of files, content not verified", count: 500, oneByOne: 1, prepare: files(false)},
	}
	lines := make([]line, 0, len(kinds))
	for _, kind := range kinds {
		kind.count = scale(kind.count)
		lines = append(lines, line{name: fmt.Sprintf("%s (%d)", kind.name, kind.count), measure: kind.measure})
	}
	return lines
}

// measure takes the times of plans and, in turn, of the floor, so that what else
// the machine does slows both down.
func (k planned) measure(ctx context.Context, w *workspace, runs int) (_ []measurement, err error) {
	p, err := newPlatform()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	f, err := w.newFolder(p.url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.remove()) }()
	if err := k.prepare(ctx, f, p, k.count); err != nil {
		return nil, err
	}
	floor, err := newFloor(ctx, w, k.count)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, floor.remove()) }()
	m := measurement{name: k.name, count: k.count, oneByOne: k.oneByOne * k.count, beside: "`terraform_data`"}
	var took, besideTook []time.Duration
	if k.count > oftenCount {
		runs = 1
	}
	for range runs {
		p.ClearRequests()
		if took, err = appendTime(took, func() (time.Duration, error) { return f.plan(ctx) }); err != nil {
			return nil, err
		}
		m.calls = p.Count()
		if k.noFloor {
			continue
		}
		if besideTook, err = appendTime(besideTook, func() (time.Duration, error) { return floor.plan(ctx) }); err != nil {
			return nil, err
		}
	}
	m.took = median(took)
	if !k.noFloor {
		m.besideTook = median(besideTook)
	}
	if k.noPeak {
		return []measurement{m}, nil
	}
	m.peak, err = f.peakMemory(ctx, func(served *folder) error {
		_, err := served.plan(ctx)
		return err
	})
	return []measurement{m}, err
}

// oftenCount is of how many objects a plan is at most measured more than once: one of
// more takes the CLI alone half a minute.
const oftenCount = 2000

// appendTime adds what measuring once results in.
func appendTime(times []time.Duration, measure func() (time.Duration, error)) ([]time.Duration, error) {
	took, err := measure()
	return append(times, took), err
}

// newFloor makes a folder with as many objects of a resource that is built into
// the CLI and does nothing.
func newFloor(ctx context.Context, w *workspace, count int) (*folder, error) {
	f, err := w.newFolder("")
	if err != nil {
		return nil, err
	}
	config := func(count int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"bench\" {\n  count = %d\n  input = \"Organization ${count.index}\"\n}\n", count)
	}
	err = f.applyOneOf(ctx, config, count, func(index int, copied instance) {
		for _, name := range []string{"input", "output"} {
			copied.set("attributes", name, map[string]any{"value": organizationName(index), "type": "string"})
		}
	})
	if err != nil {
		return nil, errors.Join(err, f.remove())
	}
	return f, nil
}

// applyOneOf applies the configuration of one object and makes it that of count.
func (f *folder) applyOneOf(ctx context.Context, config func(count int) string, count int, change func(int, instance)) error {
	if err := f.write("main.tf", config(1)); err != nil {
		return err
	}
	if _, err := f.apply(ctx); err != nil {
		return err
	}
	state, err := f.read(stateFile)
	if err != nil {
		return err
	}
	if state, err = multiply(state, count, change); err != nil {
		return err
	}
	if err := f.write(stateFile, string(state)); err != nil {
		return err
	}
	return f.write("main.tf", config(count))
}

func organizationName(index int) string { return fmt.Sprintf("Organization %d", index) }

// firstID is the id of a sandbox's first organization; the others follow.
const firstID = 1

// seed puts organizations on an empty platform.
func seed(p *platform, count int) {
	settings := map[string]any{"disabledFeatures": []any{"ADV_CRAFTING"}, "maxItemCount": 1000, "maxTimeAllocated": 7200, "maxTimePerTask": 3600}
	created := time.Date(2024, time.May, 1, 12, 0, 0, 0, time.UTC)
	for index := range count {
		p.AddOrganization(sandbox.Organization{Name: organizationName(index), CreatedAt: created, Settings: settings})
	}
}

func organizationsConfig(count int) string {
	return requiredProviders + fmt.Sprintf(`resource "guardai_organization" "bench" {
  count = %d
  name  = "Organization ${count.index}"
  settings = {
    disabled_features = ["ADV_CRAFTING"]
    max_item_count    = 1000
  }
}
`, count)
}

// organizations are resources.
func organizations(ctx context.Context, f *folder, p *platform, count int) error {
	return f.applyOneOf(ctx, organizationsConfig, count, func(index int, copied instance) {
		org, _ := p.Organization(firstID)
		if index > 0 {
			org.ID, org.Name = 0, organizationName(index)
			org = p.AddOrganization(org)
		}
		copied.set("attributes", "id", org.ID)
		copied.set("attributes", "name", org.Name)
		copied.set("identity", "id", org.ID)
	})
}

// idles have the schema and the configuration of organizations, and do nothing: what
// they take is what the protocol and the framework take.
func idles(ctx context.Context, f *folder, _ *platform, count int) error {
	// What main does for the provider is done for this one too.
	f.environ = append(f.environ, "TF_CLI_CONFIG_FILE="+f.workspace.idleConfig, "TF_LOG_SDK=OFF", "GOGC=400")
	return f.applyOneOf(ctx, organizationsConfig, count, func(index int, copied instance) {
		copied.set("attributes", "name", organizationName(index))
	})
}

// dataSources are one data source for each organization.
func dataSources(_ context.Context, f *folder, p *platform, count int) error {
	seed(p, count)
	return f.write("main.tf", requiredProviders+fmt.Sprintf(`data "guardai_organization" "bench" {
  count = %d
  id    = count.index + 1
}
`, count))
}

// listed is one data source for all organizations.
func listed(_ context.Context, f *folder, p *platform, count int) error {
	seed(p, count)
	return f.write("main.tf", requiredProviders+"data \"guardai_organizations\" \"bench\" {}\n")
}

// fileSize is the size of each of many files, in bytes.
const fileSize = 4 << 10

// files are files of one organization.
func files(verify bool) func(context.Context, *folder, *platform, int) error {
	return func(ctx context.Context, f *folder, p *platform, count int) error {
		seed(p, 1)
		if err := os.Mkdir(filepath.Join(f.dir, "files"), 0o700); err != nil {
			return err
		}
		for index := range count {
			content := make([]byte, fileSize)
			if _, err := rand.Read(content); err != nil {
				return err
			}
			if err := f.write(filepath.Join("files", fmt.Sprintf("%d.bin", index)), string(content)); err != nil {
				return err
			}
		}
		if err := f.write("main.tf", requiredProviders+fmt.Sprintf(`resource "guardai_organization_file" "bench" {
  count           = %d
  organization_id = 1
  source          = "${path.module}/files/${count.index}.bin"
  verify_content  = %t
}
`, count, verify)); err != nil {
			return err
		}
		_, err := f.apply(ctx)
		return err
	}
}
