package world

import (
	"fmt"
	"strconv"
	"strings"
)

// Ledger is the count of what became of the writes.
type Ledger struct {
	Acked, Refused, Unknown, Lost, Duplicated, Phantom int
	Through                                            [windowCount]int // Lost, by window
}

// Window is a way in which a cluster that works as designed loses acknowledged writes.
type Window uint8

// The windows, from the mildest to the one that explains most.
const (
	Unexplained Window = iota // nothing happened to the shard: a defect
	Replaced                  // W1, W5: a replica took its master's place without having everything
	Apart                     // W2, W3: the master was cut off, slow or frozen, and took writes
	Deposed                   // W12: the master of old went on taking writes after another had been made master
	Restarted                 // W8, W13: a process came back with less than it had
	Moved                     // W10: any of these, while or after the slot was moved
	Dropped                   // the slot was given to another while its keys were still here
	windowCount
)

// String is the window's name in a report.
func (w Window) String() string {
	return [...]string{"unexplained", "replaced", "apart", "deposed", "restarted", "moved", "dropped"}[w]
}

// Verify reads every list from whoever owns it now and fills the ledger: lost are acknowledged
// writes that are gone, duplicated were found more than once, phantoms were refused and found.
// The cluster must be healthy.
func (l *Workload) Verify() (Ledger, error) {
	for i := range l.Writes {
		l.Writes[i].Seen = 0
	}
	for k, key := range l.keys {
		values, err := l.readAll(key)
		if err != nil {
			return Ledger{}, err
		}
		for _, v := range values {
			if n, err := strconv.Atoi(v); err == nil && n < len(l.Writes) && l.Writes[n].Key == k {
				l.Writes[n].Seen++
			}
		}
	}
	return l.count(), nil
}

func (l *Workload) count() Ledger {
	var sum Ledger
	for _, w := range l.Writes {
		switch w.Outcome {
		case Acked:
			sum.Acked++
			if w.Seen == 0 {
				sum.Lost++
				sum.Through[l.w.order.whyLost(l.w, w)]++
			}
		case Refused:
			sum.Refused++
			if w.Seen > 0 {
				sum.Phantom++
			}
		default:
			sum.Unknown++
		}
		if w.Seen > 1 {
			sum.Duplicated++
		}
	}
	return sum
}

// readAll reads a whole list from the node that serves it.
func (l *Workload) readAll(key string) ([]string, error) {
	for _, i := range l.w.order.serving(l.w) {
		reply := l.w.Do(i, "LRANGE", key, "0", "-1")
		if !strings.HasPrefix(reply, "*") {
			continue
		}
		return array(reply), nil
	}
	return nil, fmt.Errorf("no node serves %s", key)
}

// Add counts another world's writes in.
func (l *Ledger) Add(o Ledger) {
	l.Acked += o.Acked
	l.Refused += o.Refused
	l.Unknown += o.Unknown
	l.Lost += o.Lost
	l.Duplicated += o.Duplicated
	l.Phantom += o.Phantom
	for w, n := range o.Through {
		l.Through[w] += n
	}
}

// String is the ledger in one line.
func (l Ledger) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d acknowledged, %d refused, %d unknown, %d duplicated, %d phantom, %d lost",
		l.Acked, l.Refused, l.Unknown, l.Duplicated, l.Phantom, l.Lost)
	for w, n := range l.Through {
		if n > 0 {
			fmt.Fprintf(&b, ", %d %v", n, Window(w))
		}
	}
	return b.String()
}
