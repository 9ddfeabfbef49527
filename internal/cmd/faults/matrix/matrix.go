// Package matrix plays every operation of the provider's resources against every
// fault, with a real CLI and a sandbox, and counts what is lost on the way.
package matrix

import (
	"context"
	"fmt"
	"os"
	"path"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Matrix runs cells.
type Matrix struct {
	programs Programs
	dir      string
	workers  int
	// tell is told of each result as it comes.
	tell func(Result)
}

// New returns a matrix that works in a folder and plays a number of cells at once.
// tell is called for each result, one at a time; it may be nil.
func New(programs Programs, dir string, workers int, tell func(Result)) *Matrix {
	if tell == nil {
		tell = func(Result) {}
	}
	return &Matrix{programs, dir, workers, tell}
}

// Select decides which cells are played.
type Select func(operation, fault string, mode Mode) bool

// All selects every cell.
func All(string, string, Mode) bool { return true }

// Matching selects cells by a shell pattern of OPERATION/FAULT, such as upload/* or
// */503.
func Matching(pattern string) (Select, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("the pattern %q: %w", pattern, err)
	}
	return func(operation, fault string, _ Mode) bool {
		matched, _ := path.Match(pattern, operation+"/"+fault)
		return matched
	}, nil
}

// Run plays the selected cells and returns their results, in the order of the
// matrix. An error is one of the matrix itself: what the provider does wrong is
// in the results.
func (m *Matrix) Run(ctx context.Context, chosen Select) ([]Result, error) {
	cells, err := m.cells(ctx, chosen)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(cells))
	var telling sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.workers)
	for i, c := range cells {
		group.Go(func() error {
			result, err := m.run(ctx, c)
			results[i] = result
			if err == nil {
				telling.Lock()
				defer telling.Unlock()
				m.tell(result)
			}
			return err
		})
	}
	return results, group.Wait()
}

// cells prepares the operations that are chosen, and lists what to play.
func (m *Matrix) cells(ctx context.Context, chosen Select) ([]cell, error) {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, err
	}
	fields := make([][]cell, 0, len(Operations()))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.workers)
	for _, op := range Operations() {
		wanted := choose(op, chosen)
		if len(wanted) == 0 {
			continue
		}
		fields = append(fields, wanted)
		group.Go(func() error {
			ready, err := m.prepare(ctx, op)
			for i := range wanted {
				wanted[i].op = ready
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var all []cell
	for _, field := range fields {
		all = append(all, field...)
	}
	return all, nil
}

// choose lists the cells of an operation, which isn't prepared yet.
func choose(op Operation, chosen Select) []cell {
	var cells []cell
	for _, fault := range Faults() {
		for _, mode := range []Mode{Once, Lasting} {
			if fault.makesSense(op) && chosen(op.Name, fault.Name, mode) {
				cells = append(cells, cell{fault: fault, mode: mode})
			}
		}
	}
	return cells
}
