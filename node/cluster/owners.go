package cluster

import "clusterplay/node/slot"

// pageSlots is how many neighbouring slots have a page. With fewer, pages of one owner would take more; with more,
// those of several.
const pageSlots = 16

// owners says who owns each slot, by the owner's number; 0 is nobody. A node's slots are a range or a few, and
// every node has this table: most pages have one owner throughout, and only the others are written out.
type owners struct {
	pages [slot.Count / pageSlots]int16 // the owner of all slots of the page, or less than 0: ^ the place in mixed
	mixed [][pageSlots]uint16
	spare []int16 // places in mixed that no page has
}

// at is the number of a slot's owner.
func (o *owners) at(sl slot.Slot) uint16 {
	page := o.pages[sl/pageSlots]
	if page >= 0 {
		return uint16(page)
	}
	return o.mixed[^page][sl%pageSlots]
}

// set gives a slot an owner.
func (o *owners) set(sl slot.Slot, number uint16) {
	page := &o.pages[sl/pageSlots]
	if *page >= 0 {
		if uint16(*page) == number {
			return
		}
		*page = ^o.write(uint16(*page))
	}
	list := &o.mixed[^*page]
	list[sl%pageSlots] = number
	if uniform(list) {
		o.spare = append(o.spare, ^*page)
		*page = int16(number)
	}
}

// write writes a page out, and returns its place.
func (o *owners) write(number uint16) int16 {
	var list [pageSlots]uint16
	for i := range list {
		list[i] = number
	}
	if last := len(o.spare) - 1; last >= 0 {
		place := o.spare[last]
		o.spare = o.spare[:last]
		o.mixed[place] = list
		return place
	}
	o.mixed = append(o.mixed, list)
	return int16(len(o.mixed) - 1)
}

// uniform reports whether all slots of a page have one owner. Slots mostly change hands in ascending order, so
// that the last tells first that they have not.
func uniform(list *[pageSlots]uint16) bool {
	for i := pageSlots - 1; i > 0; i-- {
		if list[i] != list[0] {
			return false
		}
	}
	return true
}
