//go:build slow

package kill

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// report writes each round and, at the end, the totals.
type report struct {
	out    io.Writer
	rounds int
	totals map[victim]*totals
}

// totals are the results of all rounds with one victim.
type totals struct {
	rounds, orphans, withOrphans, truncated, lost, problems int
	timeInFlight                                            time.Duration
}

func newReport(out io.Writer, m *measurement) *report {
	fmt.Fprintf(out, "%d applies of %d organizations with a file each, killed at random moments of %.1f s (-seed %d).\n\n",
		m.rounds, m.organizations, m.span.Seconds(), m.seed)
	fmt.Fprintf(out, "| killed | after | created by then | not in state | remarks |\n|---|--:|--:|--:|---|\n")
	return &report{out: out, totals: map[victim]*totals{provider: {}, cliProcess: {}}}
}

func (r *report) add(one round) {
	fmt.Fprintf(r.out, "| %s | %.2f s | %d | %d | %s |\n", one.victim, one.after.Seconds(), one.created, len(one.orphans), one.remarks())
	r.rounds++
	s := r.totals[one.victim]
	s.rounds++
	s.problems += len(one.problems)
	if one.truncated {
		s.truncated++
		s.lost += len(one.orphans)
		return
	}
	s.orphans += len(one.orphans)
	s.withOrphans += min(1, len(one.orphans))
	s.timeInFlight = max(s.timeInFlight, one.timeInFlight)
}

func (r *round) remarks() string {
	remarks := r.problems
	if r.truncated {
		remarks = append([]string{"the state file is truncated"}, remarks...)
	}
	return strings.Join(remarks, "; ")
}

// end writes and returns the totals. It returns an error if there was a problem.
func (r *report) end(objects int) (string, error) {
	var text strings.Builder
	fmt.Fprintf(&text, "| killed | applies | creates in progress at the kill | in how many applies | longest from response to kill | state files truncated | objects in these | problems |\n"+
		"|---|--:|--:|--:|--:|--:|--:|--:|\n")
	problems := 0
	for _, v := range []victim{provider, cliProcess} {
		s := r.totals[v]
		problems += s.problems
		fmt.Fprintf(&text, "| %s | %d | %d | %d | %d ms | %d | %d | %d |\n", v, s.rounds, s.orphans, s.withOrphans,
			s.timeInFlight.Milliseconds(), s.truncated, s.lost, s.problems)
	}
	if problems == 0 {
		fmt.Fprintf(&text, "\nAfter one more apply, each configuration had exactly its %d objects. All other objects came from creates in progress at\n"+
			"the kill and from truncated state files. orphans.tf listed exactly these.\n", objects)
	}
	fmt.Fprint(r.out, "\n"+text.String())
	if problems > 0 {
		return "", errors.New("an object was lost or doubled, or wasn't found: see the problems")
	}
	return text.String(), nil
}
