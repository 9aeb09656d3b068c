package playground

import (
	"context"
	"time"

	"clusterplay/node/cluster"
)

const (
	// paceEvery is how often the forming's pace is set.
	paceEvery = 10 * time.Millisecond
	// paceSlack is how much more than until then the clock may run: a pace that is set a little late
	// must not slow it down.
	paceSlack = 1.5
	// asked is how many nodes are asked each time.
	asked = 2
	// calmUntil is how long a PING may wait for its answer before the clock is slowed, and lateAt when
	// it all but stands; both are parts of a node timeout. At half a node timeout nodes renew their
	// links, and the new ones are even more work.
	calmUntil, lateAt = 0.1, 0.35
	// easyUntil and hardAt are the same for how late packets are read and timers fire in a large lab that has
	// formed. A thousand nodes make 100 MB of heartbeats in a second.
	easyUntil, hardAt = 0.02, 0.1
	// slowest is how slow the clock gets then, as a part of its speed.
	slowest = 0.02
	// mostAfloat is how many bytes may be on their way in memory before the clock all but stands: nodes are
	// at work on what they have been told, and time would bring more. Of a thousand heartbeats it is a third.
	mostAfloat = 4 << 20
)

// paced paces the clock while nodes find each other, until the function that it returns is called.
func (l *Lab) paced(ctx context.Context) (end func()) {
	members, next := l.all(), 0
	return l.pacedBy(ctx, func() float64 {
		next += asked
		return l.calm(members, next)
	})
}

// keepPace paces the clock of a large lab in memory from now on, as a computer that is too busy for a thousand
// nodes should have them live slowly, and not take each other for dead and tell everybody.
func (l *Lab) keepPace() {
	if l.net.Memory() && l.Topology().Nodes() > manyNodes {
		l.unpace = l.pacedBy(l.ctx, l.ease)
	}
}

// pacedBy paces the clock until the function that it returns is called.
func (l *Lab) pacedBy(ctx context.Context, calm func() float64) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	l.spawn(func() {
		defer close(ended)
		l.pace(ctx, calm)
	})
	return func() {
		cancel()
		<-ended
	}
}

// pace lets the clock run no faster than nodes can keep up with: on a computer that is busy with other things
// a thousand handshakes that are late look like a thousand nodes that are dead. Time is given in small
// pieces, so that it stands still when this is late, too.
func (l *Lab) pace(ctx context.Context, calm func() float64) {
	defer l.clock.Free()
	ticker := time.NewTicker(paceEvery)
	defer ticker.Stop()
	for {
		piece := float64(paceEvery) * l.clock.Speed() * paceSlack * calm()
		l.clock.Allow(time.Duration(piece))
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// calm is 1 while PINGs of some nodes are answered in time, and less the later they are, or when much is on its
// way. It waits its turn at each of them, behind the packets that do.
func (l *Lab) calm(members []*member, next int) float64 {
	if l.net.Afloat() > mostAfloat || len(members) == 0 {
		return slowest
	}
	longest := time.Duration(0)
	for i := range asked {
		members[(next+i)%len(members)].askCluster(func(s *cluster.State) {
			longest = max(longest, s.Waiting(l.clock.Now()))
		})
	}
	return l.ratio(longest, calmUntil, lateAt)
}

// ease is 1 while packets are read and timers fire soon after their time, and less the later they are. It knows
// nothing of nodes that are frozen or cut off: nobody is late whom nobody expects.
func (l *Lab) ease() float64 {
	late := l.net.Lateness()
	if t, ok := l.clock.Next(); ok {
		late = max(late, l.clock.Now().Sub(t.At))
	}
	return l.ratio(late, easyUntil, hardAt)
}

// ratio is 1 for what takes a part of the node timeout, and slowest for what takes another, longer one.
func (l *Lab) ratio(took time.Duration, fast, slow float64) float64 {
	part := took.Seconds() / l.Topology().nodeTimeout().Seconds()
	return min(max((slow-part)/(slow-fast), slowest), 1)
}
