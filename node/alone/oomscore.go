package alone

import (
	"os"
	"strconv"
	"strings"
	"sync"
)

// oomScore is what the system is told about who should die first when memory is short (oom-score-adj). The
// zero value has changed nothing.
type oomScore struct {
	mu      sync.Mutex
	mode    string // no, yes, relative, absolute
	values  string // for a master, a replica and a child process
	replica bool
	changed bool
	base    int // what it was before it was changed
}

// oomScoreFile is where Linux keeps it.
const oomScoreFile = "/proc/self/oom_score_adj"

// The system takes no scores outside these.
const leastOOMScore, mostOOMScore = -1000, 1000

// set changes something about the score and writes what follows from it. When that fails the former state
// comes back.
func (o *oomScore) set(change func(*oomScore)) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	mode, values, replica := o.mode, o.values, o.replica
	change(o)
	err := o.write()
	if err != nil {
		o.mode, o.values, o.replica = mode, values, replica
		_ = o.write()
	}
	return err
}

// write tells the system (setOOMScoreAdj).
func (o *oomScore) write() error {
	score := o.base
	switch {
	case o.mode != "" && o.mode != "no":
		if !o.changed {
			text, err := os.ReadFile(oomScoreFile)
			if err != nil {
				return refuse("Unable to read oom_score_adj: %s", reason(err))
			}
			o.base, _ = strconv.Atoi(strings.TrimSpace(string(text)))
			o.changed = true
		}
		score = o.wanted()
	case !o.changed:
		return nil
	default:
		o.changed = false
	}
	if err := os.WriteFile(oomScoreFile, strconv.AppendInt(nil, int64(score), 10), 0); err != nil {
		return refuse("Unable to write oom_score_adj: %s", reason(err))
	}
	return nil
}

// wanted is the score for what the server is now. The mode yes is Redis' old word for relative.
func (o *oomScore) wanted() int {
	words := append(strings.Fields(o.values), "0", "0")
	score, _ := strconv.Atoi(words[0])
	if o.replica {
		score, _ = strconv.Atoi(words[1])
	}
	if o.mode != "absolute" {
		score += o.base
	}
	return min(max(score, leastOOMScore), mostOOMScore)
}
