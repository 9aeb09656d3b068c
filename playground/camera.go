package playground

import (
	"bytes"
	"encoding/json"
	"time"

	"clusterplay/playground/history"
	"clusterplay/playground/network"
)

const (
	// lookEvery is the time between two pictures of a small lab, for freshLooks looks after an event, and
	// calmEvery while there is none: then only counts change.
	lookEvery, freshLooks, calmEvery = 100 * time.Millisecond, 10, 500 * time.Millisecond
	// lookAfter is how soon after something worth telling the lab is looked at, so that the picture
	// shows what the story tells.
	lookAfter = 10 * time.Millisecond
	// wholeEvery is how often everything is recorded and not only what has changed.
	wholeEvery = 5 * time.Second
	// framesPerLook is how many frames are recorded for each lookEvery; of more, a sample.
	framesPerLook = 200
	// framesRead bounds the frames looked at in one look.
	framesRead = 4096
)

// camera films a lab: what has changed, and the frames between its nodes. It belongs to the
// recorder's goroutine.
type camera struct {
	lab     *Lab
	timer   *time.Timer
	next    time.Time // when the timer fires
	rested  time.Time // no look before that
	looked  time.Time // the last one
	fresh   int       // how many looks are still to come soon
	picture Picture
	rate    float64 // as recorded last
	packer  *packer
	like    []byte    // what changes are told against; nil: everything is to be recorded
	whole   time.Time // when everything was last recorded, by the computer's clock
	tap     *network.Tap
}

func newCamera(l *Lab, p *packer) *camera {
	return &camera{
		lab: l, packer: p, timer: time.NewTimer(lookEvery), next: time.Now().Add(lookEvery),
		tap: l.net.Watch(),
	}
}

func (c *camera) due() <-chan time.Time { return c.timer.C }

func (c *camera) close() {
	c.timer.Stop()
	c.tap.Close()
}

// look records what there is to see and rests.
func (c *camera) look() {
	began := time.Now()
	t := c.lab.clock.Now().Truncate(time.Millisecond) // what changed after t is found after t
	frames := c.lookAtFrames(t, began)
	whole, look := c.like == nil || began.Sub(c.whole) >= wholeEvery, LookChanged
	if whole {
		look = LookAll
	}
	s := c.lab.See(look)
	s.Story = nil // the events are there anyway
	s.Now = t.UnixMilli()
	if whole {
		c.recordWhole(&s, t, began)
	} else {
		c.recordChange(&s, t, frames)
	}
	c.lab.filmed.Store(t.UnixMicro())
	took := time.Since(began)
	c.rested = began.Add(max(lookAfter, Rest(took)))
	every := calmEvery
	if c.fresh > 0 {
		c.fresh, every = c.fresh-1, lookEvery
	}
	c.wait(max(every, Rest(took)))
}

// soon makes the next look come shortly after an event, and some more follow it closely. One that is worth
// telling is filmed at once.
func (c *camera) soon(worth bool) {
	c.fresh = freshLooks
	after := lookEvery
	if worth {
		after = lookAfter
	}
	if after = max(after, time.Until(c.rested)); time.Until(c.next) > after {
		c.wait(after)
	}
}

func (c *camera) wait(d time.Duration) {
	c.next = time.Now().Add(d)
	c.timer.Reset(d)
}

// lookAtFrames records the frames since the last look and tells how many there were.
func (c *camera) lookAtFrames(t, now time.Time) int {
	frames, missed := c.tap.Read(framesRead)
	total := len(frames) + int(missed)
	most := framesPerLook * max(1, int(now.Sub(c.looked)/lookEvery))
	c.looked = now
	if data := network.EncodeFrames(network.Sample(frames, min(most, framesRead)), total); data != nil {
		c.lab.history.Frames(history.Frames{T: t, Data: data})
	}
	return total
}

// recordWhole records everything; the changes after it are told against it.
func (c *camera) recordWhole(s *Snapshot, t, began time.Time) {
	data, err := json.Marshal(s)
	if err != nil {
		return // plain data cannot fail to marshal
	}
	c.picture = Picture{wall: c.picture.wall, per: c.picture.per}
	c.picture.begin(s)
	c.rate = -1 // a whole picture tells of none
	c.like, c.whole = bytes.Clone(lastBytes(data, packWindow)), began
	if !c.lab.history.Picture(history.Picture{T: t, Whole: true, Data: c.packer.pack(data, nil)}) {
		c.like = nil
	}
}

// recordChange records what has changed, if anything has. After a change that is lost, everything is
// recorded anew.
func (c *camera) recordChange(s *Snapshot, t time.Time, frames int) {
	change := c.picture.Advance(s, s.Seq, LookChanged)
	change.Rate = c.picture.Rate(s.Wall, frames)
	if change.Empty() && change.Rate == c.rate {
		return
	}
	c.rate = change.Rate
	data, err := json.Marshal(change)
	if err != nil {
		return // plain data cannot fail to marshal
	}
	if !c.lab.history.Picture(history.Picture{T: t, Data: c.packer.pack(data, c.like)}) {
		c.like = nil
	}
}

// Empty tells whether a change changes nothing that is drawn.
func (b *Change) Empty() bool {
	return b.Clock == nil && b.Nodes == nil && b.Ages == nil && b.Counts == nil && b.Gone == nil && b.Sentinels == nil && b.SentinelsOff == nil && b.Events == nil &&
		b.Rules == nil && b.Held == nil && b.Moves == nil && b.Load == nil
}
