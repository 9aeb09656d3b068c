package playground

import (
	"cmp"
	"slices"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/server"
	"clusterplay/node/slot"
)

// namesShown is how many keys of one slot are named: a glance, not a listing.
const namesShown = 10

// SlotLoads is what every slot holds and was asked for, as rows [slot, keys, served]; slots without
// either are left out. Keys are those of masters, served counts the commands of all nodes since
// their birth, so that the difference of two answers is the load between them.
type SlotLoads struct {
	Now  int64    `json:"now"` // the lab's time, in milliseconds; 0 when nothing is known
	Rows [][3]int `json:"rows"`
	// Before is the same a while earlier, of an answer about the past: nobody could ask for it then.
	Before *SlotLoads `json:"before,omitempty"`
}

// slotLooker is a machine that knows its slots.
type slotLooker interface {
	EachSlot(visit func(sl slot.Slot, keys int, served uint32))
	KeysInSlot(sl slot.Slot, most int) (keys []string, total int)
	Gauge(now time.Time) server.Gauge
}

// SlotLoads adds up the counts of all nodes that run. It looks at them without being a client.
func (l *Lab) SlotLoads() SlotLoads {
	var sums *slotCounts // made for the first slot: of a lab at rest there is nothing to tell
	now := l.clock.Now()
	for _, m := range l.all() {
		_ = m.Look(func(machine machine.Machine) { // a node that does not run serves nothing
			v, ok := machine.(slotLooker)
			if !ok {
				return
			}
			replica := v.Gauge(now).Replica
			v.EachSlot(func(sl slot.Slot, n int, times uint32) {
				if sums == nil {
					sums = new(slotCounts)
				}
				sums.served[sl] += int(times)
				if !replica {
					sums.keys[sl] += n
				}
			})
		})
	}
	if sums == nil {
		return SlotLoads{Now: now.UnixMilli(), Rows: [][3]int{}}
	}
	return sums.loads(now.UnixMilli())
}

// slotLoads leaves out the slots of which there is nothing to tell.
func slotLoads(now int64, keys, served *[slot.Count]int) SlotLoads {
	all := SlotLoads{Now: now, Rows: [][3]int{}}
	for sl := range slot.Count {
		if keys[sl] > 0 || served[sl] > 0 {
			all.Rows = append(all.Rows, [3]int{sl, keys[sl], served[sl]})
		}
	}
	return all
}

// SlotKeys is what one node holds of one slot: the first keys by name, and how many there are.
type SlotKeys struct {
	Node  string   `json:"node"`
	Role  string   `json:"role"`
	Keys  int      `json:"keys"`
	Names []string `json:"names"` // readable: unprintable bytes are escaped
}

// SlotHolders tells what each running node holds of a slot, masters first. During a migration two
// masters may hold a part each.
func (l *Lab) SlotHolders(sl int) ([]SlotKeys, error) {
	if sl < 0 || sl >= slot.Count {
		return nil, wrong("slot", "0 to 16383", "there is no slot %d", sl)
	}
	now := l.clock.Now()
	holders := []SlotKeys{}
	for _, m := range l.all() {
		_ = m.Look(func(machine machine.Machine) { // a node that does not run holds nothing we can see
			v, ok := machine.(slotLooker)
			if !ok {
				return
			}
			names, total := v.KeysInSlot(slot.Slot(sl), namesShown)
			if total == 0 {
				return
			}
			h := SlotKeys{Node: m.Name(), Role: "master", Keys: total}
			if v.Gauge(now).Replica {
				h.Role = "replica"
			}
			for _, name := range names {
				h.Names = append(h.Names, Readable(name))
			}
			holders = append(holders, h)
		})
	}
	slices.SortStableFunc(holders, func(a, b SlotKeys) int { return cmp.Compare(a.Role, b.Role) })
	return holders, nil
}
