package playground

import (
	"encoding/binary"
	"errors"

	"clusterplay/node/slot"
)

// slotCounts is what every slot holds and was asked for, in the form in which it is compared.
type slotCounts struct{ keys, served [slot.Count]int }

func countsOf(loads SlotLoads) (c slotCounts) {
	for _, row := range loads.Rows {
		c.keys[row[0]], c.served[row[0]] = row[1], row[2]
	}
	return c
}

// since tells how the counts differ from others: for each slot that does, how far it is from the slot
// before, and the two differences, as varints. The counts of a slot change by a little, so a slot takes
// three or four bytes.
func (c *slotCounts) since(before *slotCounts) []byte {
	var out []byte
	last := -1
	for sl := range slot.Count {
		keys, served := c.keys[sl]-before.keys[sl], c.served[sl]-before.served[sl]
		if keys == 0 && served == 0 {
			continue
		}
		out = binary.AppendUvarint(out, uint64(sl-last))
		out = binary.AppendVarint(out, int64(keys))
		out = binary.AppendVarint(out, int64(served))
		last = sl
	}
	return out
}

var errSlotCounts = errors.New("the counts of the slots cannot be read")

// apply adds what since has told.
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
