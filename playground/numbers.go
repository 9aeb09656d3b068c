package playground

import (
	"encoding/json"
	"time"

	"clusterplay/playground/history"
)

// The kinds of numbers that are recorded beside the film.
const (
	gaugeKind = "gauges"
	slotKind  = "slots"
)

const (
	// numbersEvery is the time between two recorded samples of the nodes. Charts of many minutes need
	// no more, and six nodes take 130 bytes a second.
	numbersEvery = 2 * time.Second
	// slotsEvery is the time between two recorded looks at all slots. Only those are told that differ:
	// twenty writes a second take 40 bytes a second.
	slotsEvery = 5 * time.Second
	// slotsShare bounds what looking at all slots may cost: a look is followed by a rest so many times
	// as long, and no longer than slotsLongest.
	slotsShare, slotsLongest = 200, time.Minute
	// wholeSamples is how many samples are recorded against a whole one until the next.
	wholeSamples = 30
)

// numbers records what charts and the map of the slots show of the past. It belongs to the recorder's
// goroutine.
type numbers struct {
	lab    *Lab
	ticker *time.Ticker

	packer *packer
	like   []byte // the last whole sample of gauges; nil begins anew
	packed int    // samples since
	last   int64  // the lab's time of the last sample

	slots     [][3]int // as recorded last: of each slot of which there is anything to tell
	slotsTold int      // records since a whole one; 0 begins anew
	slotsNext time.Time
}

func newNumbers(l *Lab, p *packer) *numbers {
	return &numbers{lab: l, packer: p, ticker: time.NewTicker(numbersEvery)}
}

func (n *numbers) close() { n.ticker.Stop() }

// record records what there is.
func (n *numbers) record(now time.Time) {
	if s, ok := n.lab.gauges.latest(n.last); ok {
		n.last = s.T
		n.recordGauges(s)
	}
	if now.After(n.slotsNext) {
		n.recordSlots()
		n.slotsNext = now.Add(slotsRest(time.Since(now)))
	}
}

// slotsRest is how long after the beginning of a look at all slots that took so long the next begins.
func slotsRest(took time.Duration) time.Duration {
	return min(max(slotsEvery, slotsShare*took), slotsLongest)
}

// recordGauges records a sample of the nodes in the form in which it is told. The lab's clock may have
// been behind when a sample was lost, so the next one is whole.
func (n *numbers) recordGauges(s GaugeSample) {
	data, err := json.Marshal(s)
	if err != nil {
		return // plain data cannot fail to marshal
	}
	whole := n.like == nil || n.packed >= wholeSamples
	record := history.Sample{Kind: gaugeKind, T: time.UnixMilli(s.T), Whole: whole}
	if whole {
		n.like, n.packed = nil, 0
	}
	record.Data = n.packer.pack(data, n.like)
	if whole {
		n.like = data
	}
	n.packed++
	if !n.lab.history.Sample(record) {
		n.like = nil
	}
}

// recordSlots records how the slots differ from what was recorded last, if they do.
func (n *numbers) recordSlots() {
	loads := n.lab.SlotLoads()
	whole := n.slotsTold == 0 || n.slotsTold >= wholeSamples
	if whole {
		n.slots, n.slotsTold = nil, 0
	}
	change := slotsSince(loads.Rows, n.slots)
	if len(change) == 0 && !whole {
		return
	}
	n.slots = loads.Rows
	n.slotsTold++
	record := history.Sample{Kind: slotKind, T: time.UnixMilli(loads.Now), Whole: whole, Data: n.packer.pack(change, nil)}
	if !n.lab.history.Sample(record) {
		n.slotsTold = 0
	}
}
