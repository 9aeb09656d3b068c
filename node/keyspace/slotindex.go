package keyspace

import "clusterplay/node/slot"

// pageSlots is how many slots share a page of the index, so that an empty node pays nothing and
// a node with a few keys pays a few pages.
const pageSlots = 256

// slotKeys is the keys of one slot in the order they came, with gaps where keys were deleted; the
// last place is never a gap. Each entry knows its place.
type slotKeys struct {
	items []*item
	count int // without the gaps
}

// slotIndex finds the keys of a slot (slots_to_keys).
type slotIndex struct {
	pages [slot.Count / pageSlots]*[pageSlots]*slotKeys
}

// at returns the keys of s, nil when it never had any.
func (x *slotIndex) at(s slot.Slot) *slotKeys {
	if page := x.pages[s/pageSlots]; page != nil {
		return page[s%pageSlots]
	}
	return nil
}

func (x *slotIndex) add(it *item) {
	s := slot.OfString(it.Key())
	page := x.pages[s/pageSlots]
	if page == nil {
		page = new([pageSlots]*slotKeys)
		x.pages[s/pageSlots] = page
	}
	keys := page[s%pageSlots]
	if keys == nil {
		keys = new(slotKeys)
		page[s%pageSlots] = keys
	}
	keys.add(it)
}

func (x *slotIndex) remove(it *item) { x.at(slot.OfString(it.Key())).remove(it) }

func (k *slotKeys) add(it *item) {
	it.Value.place = uint32(len(k.items))
	k.items = append(k.items, it)
	k.count++
}

func (k *slotKeys) remove(it *item) {
	k.items[it.Value.place] = nil
	k.count--
	last := len(k.items)
	for last > 0 && k.items[last-1] == nil {
		last--
	}
	k.items = k.items[:last]
	if cap(k.items) > 2*pageSlots && cap(k.items) > 4*k.count || last > 2*k.count {
		k.close()
	}
}

// close closes the gaps and gives back what is not needed.
func (k *slotKeys) close() {
	old := k.items
	k.items = make([]*item, 0, k.count)
	k.count = 0
	for _, it := range old {
		if it != nil {
			k.add(it)
		}
	}
}

// CountInSlot returns how many keys the slot holds, expired ones included. Outside cluster mode
// it is 0.
func (db *DB) CountInSlot(s slot.Slot) int {
	if keys := db.slotKeys(s); keys != nil {
		return keys.count
	}
	return 0
}

// KeysInSlot returns up to most keys of the slot, the newest first.
func (db *DB) KeysInSlot(s slot.Slot, most int) []string {
	keys := db.slotKeys(s)
	if keys == nil || most <= 0 {
		return nil
	}
	names := make([]string, 0, min(most, keys.count))
	for i := len(keys.items) - 1; i >= 0 && len(names) < most; i-- {
		if it := keys.items[i]; it != nil {
			names = append(names, it.Key())
		}
	}
	return names
}

// DeleteSlot deletes the keys of the slot and returns how many there were. deleted, which may be
// nil, is told each key after its deletion.
func (db *DB) DeleteSlot(s slot.Slot, deleted func(key string)) int {
	count := 0
	for keys := db.slotKeys(s); keys != nil && keys.count > 0; count++ {
		newest := keys.items[len(keys.items)-1]
		db.drop(newest)
		if deleted != nil {
			deleted(newest.Key())
		}
	}
	return count
}

func (db *DB) slotKeys(s slot.Slot) *slotKeys {
	if db.data.slots == nil {
		return nil
	}
	return db.data.slots.at(s)
}
