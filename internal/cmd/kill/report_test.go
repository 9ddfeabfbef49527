//go:build slow

package kill

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// totals are the results of all rounds with one victim.
type totals struct {
	rounds, orphans, withOrphans, truncated, lost, problems int
	timeInFlight                                            time.Duration
}

func (s *totals) add(one round) {
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

// report returns the totals as a table. It returns an error if there was a problem.
func report(results map[victim]*totals, objects int) (string, error) {
	var text strings.Builder
	fmt.Fprintf(&text, "| killed | applies | creates in progress at the kill | in how many applies | longest from response to kill | state files truncated | objects in these | problems |\n"+
		"|---|--:|--:|--:|--:|--:|--:|--:|\n")
	problems := 0
	for _, v := range []victim{provider, cliProcess} {
		s := results[v]
		problems += s.problems
		fmt.Fprintf(&text, "| %s | %d | %d | %d | %d ms | %d | %d | %d |\n", v, s.rounds, s.orphans, s.withOrphans,
			s.timeInFlight.Milliseconds(), s.truncated, s.lost, s.problems)
	}
	if problems > 0 {
		return text.String(), errors.New("an object was lost or doubled, or wasn't found: see the problems")
	}
	fmt.Fprintf(&text, "\nAfter one more apply, each configuration had exactly its %d objects. All other objects came from creates in progress at\n"+
		"the kill and from truncated state files. orphans.tf listed exactly these.\n", objects)
	return text.String(), nil
}
