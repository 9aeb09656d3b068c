package playground

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"clusterplay/node/garbage"
	"clusterplay/node/slot"
)

const (
	// head is how far behind the computer's clock the lab begins: about as long as forming takes
	// in the lab's time, which then runs fast until both clocks agree. A fresh master refuses
	// clients for two seconds (CLUSTER_WRITABLE_DELAY), so forming cannot take less.
	head = 3 * time.Second
	// formSpeed is how fast the clock runs while a cluster forms, if the node timeout allows it.
	formSpeed = 10
	// watchedSpeed is the same with Sentinels: one that misses its tick for two seconds of the clock
	// trusts nobody for half a minute (TILT), and a busy computer sleeps for a few tenths.
	watchedSpeed = 3
	// formGrace is how much of the computer's time a node timeout must last while a cluster forms,
	// and formGraceEach how much more for each node: handshakes of many nodes on a busy computer
	// must not run into their timeout.
	formGrace     = 200 * time.Millisecond
	formGraceEach = 30 * time.Millisecond
	// catchLimit is how far behind the clock still catches up, and how long it tries; catchPatience is how
	// long that may take for anybody to wait for it.
	catchLimit, catchPatience = 2 * head, time.Second
	// crowd is how many nodes are introduced at the speed of life over TCP.
	crowd = 50
	// formLimit bounds the forming in the computer's time; a thousand nodes need minutes.
	formLimit = 5 * time.Minute
	// look is how often a condition is checked when no event announces it.
	look = 10 * time.Millisecond
	// rest is how long, compared with the last check, the next one waits at least: looking at
	// many nodes must not take the time that they need.
	rest = 3
	// longestRest bounds that: on a computer that stood still, one check says nothing of the next.
	longestRest = time.Second
)

// form joins fresh nodes to what the topology says and waits until it is ready. Nodes that have
// been part of a cluster before (a data directory) find each other by themselves.
func (l *Lab) form(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, formLimit)
	defer cancel()
	stop := context.AfterFunc(l.ctx, cancel)
	defer stop()
	l.unpace() // for those who were there before
	l.unpace = func() {}
	defer l.keepPace()
	top := max(l.formingSpeed(), l.Topology().Speed)
	if err := l.clock.SetSpeed(top); err != nil {
		return err
	}
	defer func() { _ = l.clock.SetSpeed(l.Topology().Speed) }()
	var err error
	if l.Topology().clustered() {
		defer l.paced(ctx)()
		end := thrifty(l.Topology().Nodes())
		err = l.formCluster(ctx)
		end() // who hears of the end of the storm decides from then on
	} else {
		err = l.formReplication(ctx)
	}
	if err != nil {
		return err
	}
	if l.Topology().clustered() {
		garbage.StormIsOver() // forming needs several times what a formed cluster does
	}
	return l.catchUp(ctx)
}

// catchUp lets the fast clock run until it agrees with the computer's. A lab that was formed slowly
// stays behind: nothing needs that they agree, and nobody wants to wait for it.
func (l *Lab) catchUp(ctx context.Context) error {
	for began := time.Now(); l.Topology().Speed == 1; {
		behind := time.Since(l.clock.Now())
		if time.Since(began) > catchLimit || !catchable(behind, l.clock.Speed()) {
			return nil
		}
		if err := l.clock.Wait(ctx, l.clock.Now().Add(behind)); err != nil {
			return err
		}
	}
	return nil
}

// catchable tells whether a clock that is behind by so much, and runs so fast, agrees with the computer's soon.
func catchable(behind time.Duration, speed float64) bool {
	return 0 < behind && behind <= catchLimit && float64(behind) <= float64(catchPatience)*(speed-1)
}

// formingSpeed is how fast the clock runs while nodes find each other.
func (l *Lab) formingSpeed() float64 {
	t := l.Topology()
	switch {
	case t.watched():
		return watchedSpeed
	case !t.clustered():
		return formSpeed
	}
	grace := formGrace + time.Duration(t.Nodes())*formGraceEach
	if l.net.Memory() {
		grace /= 2 // what is on its way slows the clock before anybody waits for it
	}
	return min(formSpeed, float64(t.nodeTimeout())/float64(grace))
}

// crowdSpeed is how fast the clock runs while everybody is introduced to everybody. That is work of
// the computer, not of time: whatever time passes meanwhile is spent on heartbeats. Of links in memory it is known
// how much is on its way, so that the pace follows from that.
func (l *Lab) crowdSpeed() float64 {
	if l.net.Memory() {
		return l.clock.Speed()
	}
	return min(l.clock.Speed(), crowd/float64(l.Topology().Nodes()))
}

// formCluster gives epochs and slots to the masters, introduces everybody to everybody, and
// makes the rest replicas.
func (l *Lab) formCluster(ctx context.Context) error {
	members := l.all()
	l.crowded.Store(len(members) > manyNodes)
	defer l.crowded.Store(false)
	for _, m := range members {
		if err := m.learnID(ctx); err != nil {
			return err
		}
	}
	if !l.fresh(members) {
		return l.reform(ctx, members)
	}
	if err := l.assignSlots(ctx, members); err != nil {
		return err
	}
	if err := l.adopt(ctx, members); err != nil {
		return err
	}
	top := l.clock.Speed()
	_ = l.clock.SetSpeed(l.crowdSpeed()) // it is within the clock's bounds
	if err := l.introduce(ctx, l.mostKnown); err != nil {
		return err
	}
	if err := l.introduceRest(ctx); err != nil {
		return err
	}
	_ = l.clock.SetSpeed(top)
	return l.remind(ctx)
}

// reformGrace is how long, beyond two node timeouts of the lab's time, nodes may take to find each
// other again: a master refuses clients for two seconds, one back from a minority for five.
const reformGrace = 7 * time.Second

// reform waits for nodes that have found their cluster in their files. Who is whose replica is
// what they remember, not what the topology says; a cluster that was broken when it was ended
// is broken still, and is shown as it is.
func (l *Lab) reform(ctx context.Context, members []*member) error {
	patience, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := l.clock.At(l.clock.Now().Add(2*l.Topology().nodeTimeout()+reformGrace), "", cancel)
	defer stop()
	_ = l.until(patience, "the cluster to be ok again", func() bool {
		_, linked := l.following()
		return linked && l.ready()
	})
	l.nameShards(members)
	return ctx.Err()
}

// assignSlots gives each master its epoch, its share of the slots and its shard's letter.
func (l *Lab) assignSlots(ctx context.Context, members []*member) error {
	masters := l.Topology().Masters
	for i, m := range members {
		if _, err := m.call(ctx, "CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1)); err != nil {
			return err
		}
		if i >= masters {
			m.shard.Store(members[i%masters].letter())
			continue
		}
		m.shard.Store(l.newLetter())
		first, last := share(i, masters)
		if _, err := m.call(ctx, "CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(first), strconv.Itoa(last)); err != nil {
			return err
		}
	}
	return nil
}

// share is the i-th of n nearly equal parts of the slots, as redis-cli cuts them.
func share(i, n int) (first, last int) {
	per := float64(slot.Count) / float64(n)
	first = int(per*float64(i) + 0.5)
	last = int(per*float64(i+1)+0.5) - 1
	if i == n-1 {
		last = slot.Count - 1
	}
	return first, last
}

// adopt makes the nodes behind the masters their replicas, before anybody else hears of them: what
// a node is, it says to all in the first packet. A change of role afterwards is heard of with the
// next ping, which may be a node timeout later.
func (l *Lab) adopt(ctx context.Context, members []*member) error {
	masters := map[*member]*member{}
	for i, m := range members[l.Topology().Masters:] {
		masters[m] = members[i%l.Topology().Masters]
	}
	known := func() bool {
		for m, of := range masters {
			if m.up() && of.up() && !m.knows(of) {
				return false
			}
		}
		return true
	}
	pair := func(m, other *member) bool { return masters[m] == other }
	if err := l.meetUntil(ctx, "replicas to know their masters", known, pair); err != nil {
		return err
	}
	for i, m := range members[l.Topology().Masters:] {
		if err := l.replicate(ctx, m, members[i%l.Topology().Masters]); err != nil {
			return err
		}
	}
	return nil
}

// introducers is how many nodes everybody meets; of the others they hear by gossip, each link's
// first packets carrying a tenth of the table. When all meet all, most handshakes end in finding
// that gossip was faster, and their links were opened for nothing.
const introducers = 8

// introduce makes every node meet a few and waits until they know enough of each other.
func (l *Lab) introduce(ctx context.Context, enough func() bool) error {
	members := l.all()
	few := members[:min(introducers, len(members))]
	return l.meetUntil(ctx, "all nodes to know each other", enough, func(m, other *member) bool {
		return m.port > other.port && slices.Contains(few, other)
	})
}

// introduceRest makes those meet who have not heard of each other: most have, and to the rest gossip would come with
// the heartbeats of some seconds.
func (l *Lab) introduceRest(ctx context.Context) error {
	return l.meetUntil(ctx, "all nodes to know each other", l.allKnown, func(m, other *member) bool { return m.port > other.port })
}

// remindEvery is how much of the lab's time passes until nodes are introduced again.
const remindEvery = time.Second

// remind waits until the cluster is ok. Who greeted a node before it was known to it was not listened
// to, and would say who it is and what it owns with the next PING; but that may take long, for gossip
// tells that it is well. So it says so with another MEET.
func (l *Lab) remind(ctx context.Context) error {
	met := func() bool { return l.ready() && l.replicasLinked() }
	for {
		patience, cancel := context.WithCancel(ctx)
		stop := l.clock.At(l.clock.Now().Add(remindEvery), "", cancel)
		err := l.until(patience, "the cluster to be ok", met)
		stop()
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		for m, others := range l.mistaken() {
			for _, other := range others {
				if err := meet(ctx, other, m); err != nil {
					return err
				}
			}
		}
	}
}

// meetUntil introduces pairs of running nodes that do not know each other, and again for as long
// as met is false: on a busy computer a handshake may run out of time, which is a node timeout.
func (l *Lab) meetUntil(ctx context.Context, what string, met func() bool, pair func(m, other *member) bool) error {
	for {
		members := l.running()
		known := acquaintances(members)
		for i, m := range members {
			for j, other := range members {
				if i != j && pair(m, other) && !(known[i][j] && known[j][i]) {
					if err := meet(ctx, m, other); err != nil {
						return err
					}
				}
			}
		}
		patience, cancel := context.WithCancel(ctx)
		stop := l.clock.At(l.clock.Now().Add(2*max(l.Topology().nodeTimeout(), time.Second)), "", cancel)
		err := l.until(patience, what, met)
		stop()
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func meet(ctx context.Context, m, other *member) error {
	_, err := m.call(ctx, "CLUSTER", "MEET", loopback.String(), other.Name())
	return err
}

// replicate makes m a replica of a master that it knows.
func (l *Lab) replicate(ctx context.Context, m, of *member) error {
	m.shard.Store(of.letter())
	_, err := m.call(ctx, "CLUSTER", "REPLICATE", of.identity())
	return err
}

// newLetter is the name of a new shard: A to Z, then AA, AB and so on.
func (l *Lab) newLetter() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.letters
	l.letters++
	if n < 26 {
		return string(rune('A' + n))
	}
	return string(rune('A'+(n/26-1)%26)) + string(rune('A'+n%26))
}

// nameShards gives letters to nodes that have none: masters first, replicas their master's.
func (l *Lab) nameShards(members []*member) {
	for _, m := range members {
		if m.letter() == "" && l.viewOf(m).Role == "master" {
			m.shard.Store(l.newLetter())
		}
	}
	for _, m := range members {
		if m.letter() == "" {
			if of, err := l.find("", l.viewOf(m).Master); err == nil {
				m.shard.Store(of.letter())
			}
		}
	}
}

// until waits for a condition, looking at it after every event and every now and then.
func (l *Lab) until(ctx context.Context, what string, met func() bool) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		next := l.journal.next()
		began := time.Now()
		if met() {
			return nil
		}
		breath := time.NewTimer(min(rest*time.Since(began), longestRest))
		select {
		case <-breath.C:
		case <-ctx.Done():
		}
		breath.Stop()
		select {
		case <-next:
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		}
	}
}

// Until waits until met returns true; it is asked again after every event.
func (l *Lab) Until(ctx context.Context, what string, met func(Snapshot) bool) error {
	return l.until(ctx, what, func() bool { return met(l.Snapshot()) })
}
