package keyspace

import "clusterplay/node/slot"

// pageSlots is how many slots share a page of the index, so that an empty node pays nothing and
// a node with a few keys pays a few pages.
const pageSlots = 256

// slotKeys is the list of the keys of one slot, the newest first.
type slotKeys struct {
	newest *item
	count  int
}

// slotIndex finds the keys of a slot (slots_to_keys).
type slotIndex struct {
	pages [slot.Count / pageSlots]*[pageSlots]slotKeys
}

// at returns the list of s, nil when its page was never used.
func (x *slotIndex) at(s slot.Slot) *slotKeys {
	if page := x.pages[s/pageSlots]; page != nil {
		return &page[s%pageSlots]
	}
	return nil
}

func (x *slotIndex) add(it *item) {
	s := slot.OfString(it.key)
	it.Value.slot = s
	if x.pages[s/pageSlots] == nil {
		x.pages[s/pageSlots] = new([pageSlots]slotKeys)
	}
	list := x.at(s)
	it.Value.older = list.newest
	if list.newest != nil {
		list.newest.Value.newer = it
	}
	list.newest = it
	list.count++
}

func (x *slotIndex) remove(it *item) {
	e := &it.Value
	list := x.at(e.slot)
	if e.newer != nil {
		e.newer.Value.older = e.older
	} else {
		list.newest = e.older
	}
	if e.older != nil {
		e.older.Value.newer = e.newer
	}
	e.older, e.newer = nil, nil
	list.count--
}

// CountInSlot returns how many keys the slot holds, expired ones included. Outside cluster mode
// it is 0.
func (db *DB) CountInSlot(s slot.Slot) int {
	if list := db.slotKeys(s); list != nil {
		return list.count
	}
	return 0
}

// KeysInSlot returns up to most keys of the slot, the newest first.
func (db *DB) KeysInSlot(s slot.Slot, most int) []string {
	list := db.slotKeys(s)
	if list == nil || most <= 0 {
		return nil
	}
	keys := make([]string, 0, min(most, list.count))
	for it := list.newest; it != nil && len(keys) < most; it = it.Value.older {
		keys = append(keys, it.key)
	}
	return keys
}

// DeleteSlot deletes the keys of the slot and returns how many there were. deleted, which may be
// nil, is told each key after its deletion.
func (db *DB) DeleteSlot(s slot.Slot, deleted func(key string)) int {
	count := 0
	for list := db.slotKeys(s); list != nil && list.newest != nil; count++ {
		key := list.newest.key
		db.drop(list.newest)
		if deleted != nil {
			deleted(key)
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
