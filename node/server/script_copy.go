package server

import (
	"fmt"
	"math/rand/v2"

	"clusterplay/node/aof"
	"clusterplay/node/keyspace"
	"clusterplay/node/pubsub"
	"clusterplay/node/replication"
	"clusterplay/node/session"
	"clusterplay/node/tracking"
)

// maxCopies bounds the memory of all copies that scripts are debugged on, of one server.
const maxCopies = 1 << 30

// copying makes the copy that a script is debugged on, which in Redis is what fork(2) leaves the child: a
// server of its own, with the data of one moment. It is made a slice at a time, as a snapshot is.
type copying struct {
	server *Server
	keys   *keyspace.Snapshot // nil while another snapshot is being made
}

// going reports whether there is something to do for a copy now.
func (p *copying) going() bool { return p != nil && p.keys != nil }

func (p *copying) cancel() {
	if p.keys != nil {
		p.keys.Cancel()
		p.keys = nil
	}
}

// beginCopy begins the copy for a session, or says why there can be none.
func (s *Server) beginCopy(d *debugging) (problem string) {
	need, held := s.space.UsedMemory(), 0
	for _, other := range s.debugs {
		if other.s != nil && other.s != s {
			held += other.s.space.UsedMemory()
		} else if other.copying != nil {
			held += need
		}
	}
	if need+held > maxCopies {
		return fmt.Sprintf("ERR Fork() failed: can't run EVAL in debugging mode: a copy of the data takes %d MiB, %d MiB are taken, "+
			"and copies may take %d MiB in all", need>>20, held>>20, maxCopies>>20)
	}
	d.copying = &copying{}
	s.stats.forks++
	return ""
}

// stepCopy goes on with the copy of a session, and has its script begin when it is complete.
func (s *Server) stepCopy(d *debugging) {
	p := d.copying
	if p == nil || d.over {
		return
	}
	if p.keys == nil && !s.takeCopy(p) {
		return
	}
	if !p.keys.Step(sliceKeys) {
		return
	}
	d.copying = nil
	d.begin(p.server)
}

// takeCopy begins to take a copy of this moment, unless another snapshot is being made.
func (s *Server) takeCopy(p *copying) bool {
	p.server = s.fork()
	keys, err := s.space.Begin(func(db int, key string, e *keyspace.Entry, expires int64) keyspace.Rest {
		p.server.space.DB(db).LoadCopy(s.nowMs, key, e, expires)
		return nil
	})
	if err != nil {
		p.server = nil
		return false
	}
	for _, size := range keys.Sizes() {
		p.server.space.DB(size.DB).Expect(uint64(size.Keys))
	}
	p.keys = keys
	return true
}

// yieldCopies gives up copies that are being made for another snapshot, which cannot wait. They begin anew
// after it: their scripts have not begun.
func (s *Server) yieldCopies() {
	for _, d := range s.debugs {
		if d.copying != nil {
			d.copying.cancel()
		}
	}
}

// fork is a server in the state of this one, without clients and without data. It reads the roles, slots and users
// of this one and cannot change them: nothing of what it does goes anywhere.
func (s *Server) fork() *Server {
	child := *s
	f := &child
	f.forked = true
	f.config.World = nil
	f.rng = rand.New(rand.NewPCG(s.rng.Uint64(), s.rng.Uint64()))
	f.fileSaves, f.clients, f.touched, f.monitors = map[uint64]func(error){}, session.List[*client]{}, nil, nil
	f.pubsub = pubsub.New(f.to)
	f.tracking = tracking.New[*client](trackingHost{f})
	f.watchers, f.ownKeys = map[watchKey][]*client{}, map[watchKey]bool{}
	f.parking, f.postponed, f.waiters, f.sleep = newParking(), nil, nil, sleep{}
	f.unit, f.stats, f.slow, f.latency = unit{}, newStats(len(s.stats.byCommand)), slowlog{limit: -1}, newLatency()
	f.saves, f.loading, f.ahead, f.history, f.shutdown = saves{lastSave: s.saves.lastSave}, nil, nil, nil, nil
	f.aof = aof.New(f.aofConfig())
	f.master, f.migrate, f.links = nil, migrations{}, newLinks()
	f.script, f.debugs, f.warming = scripting{}, nil, nil
	f.todo.Save, f.todo.Dial, f.todo.Send, f.todo.Close, f.todo.Flush, f.todo.Emit = nil, nil, nil, nil, nil, nil
	f.slotLoad = slotLoad{}
	f.space = keyspace.NewSpace(keyspace.Config{
		Databases: s.space.Len(), Cluster: s.config.ClusterEnabled, Seed: keyspace.NewSeed(f.rng.Uint64()),
	})
	f.configureMemory()
	f.configureLazy()
	f.listenToSpace()
	f.space.MayGrow = f.mayGrow
	f.space.OnExpired, f.space.OnStreamGone = f.onExpired, f.onStreamGone
	return f
}

// feed gives replicas what a unit has changed.
func (s *Server) feed(effects []replication.Command) {
	switch {
	case s.forked:
	case len(effects) == 1:
		s.repl.FeedOne(effects[0].DB, effects[0].Args)
	default:
		s.repl.Feed(effects...)
	}
}
