package world

import (
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/replication"
	"clusterplay/playground/invariant"
)

// bench judges worlds without a cluster. Like the jury it looks and touches nothing.
type bench struct {
	Nothing
	checker *invariant.Checker
	lists   int
	hosts   []benchHost
	bytes   []byte // reused to read streams
	rests   int    // how often the world was looked at in peace
}

// benchHost is what the bench remembers of a host's process.
type benchHost struct {
	born    bool          // it has been looked at
	looked  time.Duration // when its stream was
	counted time.Duration // when its data were
	loads   int           // how often it was given all data anew
	rounds  int           // how often its data were looked at
}

func newBench(cfg Config, plan Plan) *bench {
	return &bench{lists: plan.Keys, hosts: make([]benchHost, orderOf(cfg.Kind).hosts(&cfg))}
}

func (b *bench) bind(w *World) {
	b.checker = invariant.New(invariant.Config{NodeTimeout: w.cfg.NodeTimeout, Hosts: len(w.hosts), Durable: w.Durable})
}

func (b *bench) broken() error { return b.checker.Broken() }

// Event hands an event to the checker.
func (b *bench) Event(w *World, host int, e event.Event) {
	w.holdEvent(b.checker, host, e)
	switch e := e.(type) {
	case event.SyncStart, event.SyncDone:
		b.hosts[host].loads++
	case event.ReplicaOnline:
		if i := w.hostAt(e.Replica); i >= 0 {
			b.checker.HeardReplica(w.hosts[host].clock(), host, i)
		}
	}
}

// Received notes that a replica is heard of.
func (b *bench) Received(w *World, from, to int, kind machine.LinkKind, _ []byte) {
	if kind == machine.Replication {
		b.checker.HeardReplica(w.hosts[to].clock(), to, from)
	}
}

// Step looks at a host when it is born, at its stream once a cron, and at its data once a second.
func (b *bench) Step(w *World, host int) {
	g := &b.hosts[host]
	if w.hosts[host].server == nil {
		return
	}
	if !g.born {
		g.born = true
		w.holdBirth(b.checker, host)
	}
	if w.now-g.looked >= tickEvery {
		g.looked = w.now
		b.bytes = w.holdStream(b.checker, host, b.bytes)
	}
	if w.now-g.counted >= countEvery {
		g.counted = w.now
		g.rounds++
		b.data(w, host)
		b.buffers(w, host)
	}
}

// data holds a host's data against what they were, and against those of who is at the same byte of the
// same history.
func (b *bench) data(w *World, host int) {
	h := w.hosts[host]
	r := h.server.Replication()
	if r.Loading() {
		return
	}
	mine, sum := r.History(), b.summary(w, host, b.hosts[host].rounds)
	b.checker.Data(w.Now(), host, mine, !r.IsMaster(), b.hosts[host].loads, sum)
	if mine.Offset == 0 {
		return
	}
	for i, other := range w.hosts {
		if i == host || other.server == nil || other.server.Replication().Loading() {
			continue
		}
		if its := other.server.Replication().History(); its.ReplID == mine.ReplID && its.Offset == mine.Offset {
			b.checker.AlikeData(w.Now(), host, i, sum, b.summary(w, i, b.hosts[host].rounds))
		}
	}
}

// summary is a host's data in a few words; each round looks closely at another list.
func (b *bench) summary(w *World, host, round int) (s invariant.Summary) {
	server := w.hosts[host].server
	for k := range b.lists {
		n, last := server.ListEnd(keyName(k))
		s.Elements += n
		if k == round%b.lists {
			s.Probe = keyName(k) + " " + strconv.Itoa(n) + " " + string(last)
		}
	}
	s.Left, _ = server.ListEnd(leftKey)
	s.Right, _ = server.ListEnd(rightKey)
	return s
}

// buffers holds what a master keeps for its replicas against its limits.
func (b *bench) buffers(w *World, host int) {
	h := w.hosts[host]
	v := h.server.Replication().View(h.clock())
	var waiting int64
	for _, r := range v.Replicas {
		if r.Sent > 0 {
			waiting = max(waiting, int64(v.Offset-r.Sent))
		}
	}
	limit, _, _ := h.server.OutputLimit("slave")
	if limit == 0 {
		limit = 256 << 20
	}
	b.checker.Buffered(w.Now(), host, waiting, max(int64(limit), v.Backlog.Size), v.Backlog.Length, v.Backlog.Size)
}

// Answered holds an answer to one of the world's clients against the promises about answers.
func (b *bench) Answered(w *World, c *Caller, args []string, reply []byte) {
	h := c.host
	if h.server == nil || len(reply) == 0 {
		return
	}
	r := h.server.Replication()
	done := reply[0] != '-' && (args[0] != "EXEC" || strings.Contains(string(reply), executed))
	switch args[0] {
	case "RPUSH", "EXEC", "SET":
		b.wrote(w, h, args, done)
	case "LRANGE", "GET":
		if done && r.Loading() {
			b.checker.ReadWhileLoading(w.Now(), h.index)
		}
		if value := bulk(string(reply)); args[0] == "GET" && value != "" {
			b.checker.ReadFleeting(w.Now(), h.clock(), h.index, value)
		}
	case "WAIT":
		b.waited(w, c, reply)
	}
}

// wrote holds an answer to a write against who may take writes.
func (b *bench) wrote(w *World, h *host, args []string, done bool) {
	if !done {
		return
	}
	if !h.server.Replication().IsMaster() {
		b.checker.WroteToReplica(w.Now(), h.index)
		return
	}
	if args[0] == "SET" {
		ms, _ := strconv.Atoi(args[4])
		ends := h.clock().Truncate(time.Millisecond).Add(time.Duration(ms+1) * time.Millisecond) // a key lives through its last one
		b.checker.Fleeting(args[2], ends)
	}
	least := int(h.server.SettingInt("min-replicas-to-write"))
	lag := time.Duration(h.server.SettingInt("min-replicas-max-lag")) * time.Second
	b.checker.Accepted(w.Now(), h.clock(), h.index, least, lag)
}

// waited holds an answer to WAIT against what the replicas have said.
func (b *bench) waited(w *World, c *Caller, reply []byte) {
	said, err := strconv.Atoi(strings.Trim(string(reply), ":\r\n"))
	r := c.host.server.Replication()
	if err != nil || c.madeBy != c.client || c.made.id != r.History().ReplID {
		return // it does not wait for what we know of
	}
	acked := 0
	r.Acks(func(_ int, ack replication.Offset) {
		if ack >= c.made.offset {
			acked++
		}
	})
	b.checker.Waited(w.Now(), c.host.index, said, acked, w.replicas(), c.made.id, c.made.offset)
}

// Life tells the checker of births and deaths.
func (b *bench) Life(w *World, host int, what Life) {
	switch what {
	case Born:
		b.checker.Born(w.Now(), host, w.hosts[host].found)
		b.hosts[host] = benchHost{}
		b.checker.Disturbed()
	case Died:
		if r := w.hosts[host].server; r != nil {
			b.checker.Ended(host, r.Replication().History())
		}
		b.checker.Died(host)
	case Thawed, Stepped: // its timer has not counted yet
		b.checker.Thawed(w.Now(), host)
	}
}

// rest holds a world that was left in peace against the promises of peace.
func (b *bench) rest(w *World) {
	var nodes []invariant.Resting
	for _, h := range w.hosts {
		if h.server != nil {
			nodes = append(nodes, invariant.Resting{History: h.server.Replication().History(), Digest: h.server.Digest()})
		}
	}
	b.checker.StreamsAtRest(w.Now(), nodes)
	if b.rests++; b.rests > 1 { // the first time, the end of a value may be on its way
		b.checker.FollowersAtRest(w.Now(), nodes, w.official)
	}
}
