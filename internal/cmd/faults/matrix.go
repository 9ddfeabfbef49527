package main

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// matrix runs every operation against every fault.
type matrix struct {
	lab *program.Lab
	// dir is a folder for the runs.
	dir     string
	workers int
	// ended is called with each result as it comes, one at a time.
	ended func(Result)
}

func newMatrix(lab *program.Lab, workers int, ended func(Result)) *matrix {
	return &matrix{lab: lab, dir: filepath.Join(lab.Dir, "runs"), workers: workers, ended: ended}
}

// choice decides which cells are run.
type choice func(operation, fault string, mode Mode) bool

// matching chooses cells by a shell pattern of OPERATION/FAULT, such as upload/* or
// */503.
func matching(pattern string) (choice, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("the pattern %q: %w", pattern, err)
	}
	return func(operation, fault string, _ Mode) bool {
		matched, _ := path.Match(pattern, operation+"/"+fault)
		return matched
	}, nil
}

// run runs the chosen cells and returns their results, in the order of the matrix. An
// error is one of the matrix itself: what the provider does wrong is in the results.
func (m *matrix) run(ctx context.Context, chosen choice) ([]Result, error) {
	cells, err := m.cells(ctx, chosen)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(cells))
	var reporting sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.workers)
	for i, c := range cells {
		group.Go(func() error {
			result, err := m.runCell(ctx, c)
			if err != nil {
				return err
			}
			results[i] = result
			reporting.Lock()
			defer reporting.Unlock()
			m.ended(result)
			return nil
		})
	}
	return results, group.Wait()
}

// cells lists what to run, and prepares its operations.
func (m *matrix) cells(ctx context.Context, chosen choice) ([]cell, error) {
	var all []cell
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.workers)
	for _, op := range operations() {
		ready := &prepared{}
		first := len(all)
		for _, f := range faults() {
			for _, mode := range []Mode{Once, Lasting} {
				if f.makesSense(op) && chosen(op.name, f.name, mode) {
					all = append(all, cell{op: ready, fault: f, mode: mode})
				}
			}
		}
		if len(all) == first {
			continue
		}
		group.Go(func() error {
			p, err := m.prepare(ctx, op)
			if err == nil {
				*ready = *p
			}
			return err
		})
	}
	return all, group.Wait()
}
