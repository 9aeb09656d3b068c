package playground

import (
	"encoding/binary"
	"errors"

	"clusterplay/node/slot"
)

// slotCounts is what every slot holds and was asked for, in the form in which it is added up.
type slotCounts struct{ keys, served [slot.Count]int }

// slotsSince tells how the counts of slots differ from others, both as SlotLoads has them: for each slot that does,
// how far it is from the slot before, and the two differences, as varints. The counts of a slot change by a little,
// so a slot takes three or four bytes.
func slotsSince(now, before [][3]int) (out []byte) {
	last := -1
	for len(now)+len(before) > 0 {
		var row, old [3]int
		switch {
		case len(before) == 0 || len(now) > 0 && now[0][0] < before[0][0]:
			row, now = now[0], now[1:]
		case len(now) == 0 || before[0][0] < now[0][0]:
			old, before = before[0], before[1:]
			row[0] = old[0]
		default:
			row, old, now, before = now[0], before[0], now[1:], before[1:]
		}
		if row[1] == old[1] && row[2] == old[2] {
			continue
		}
		out = binary.AppendUvarint(out, uint64(row[0]-last))
		out = binary.AppendVarint(out, int64(row[1]-old[1]))
		out = binary.AppendVarint(out, int64(row[2]-old[2]))
		last = row[0]
	}
	return out
}

var errSlotCounts = errors.New("the counts of the slots cannot be read")

// apply adds what slotsSince has told.
func (c *slotCounts) apply(change []byte) error {
	sl := -1
	for len(change) > 0 {
		gap, n := binary.Uvarint(change)
		if n <= 0 || gap == 0 || gap > slot.Count || sl+int(gap) >= slot.Count {
			return errSlotCounts
		}
		keys, k := binary.Varint(change[n:])
		if k <= 0 {
			return errSlotCounts
		}
		served, s := binary.Varint(change[n+k:])
		if s <= 0 {
			return errSlotCounts
		}
		sl += int(gap)
		c.keys[sl] += int(keys)
		c.served[sl] += int(served)
		change = change[n+k+s:]
	}
	return nil
}

// loads is the counts as they are told.
func (c *slotCounts) loads(now int64) SlotLoads { return slotLoads(now, &c.keys, &c.served) }
