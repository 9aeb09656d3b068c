package cluster

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// ConfFile is the name of the file that Todo.Save is the new content of.
const ConfFile = "nodes.conf"

// Todo is what a State wants done, to be performed in the order of the fields: a vote or an
// epoch is on disk before a packet speaks of it.
type Todo struct {
	Save  []byte // the whole new content of nodes.conf; nil: unchanged
	Sync  bool   // Save must be durable before anything is sent
	Dial  []machine.Dial
	Send  []machine.Send
	Close []machine.LinkID
	Emit  []event.Event
	Wake  time.Time // when to call BeforeSleep again; zero: the next cron will do
}

// wants are the things to do before the machine sleeps (CLUSTER_TODO_*).
type wants struct {
	save, sync, state, failover, manual bool
	heard, heardSync                    bool // save and sync, but of what others told: it may wait in a large cluster
	pong                                bool // tell everybody at once; one time for all slots of a pipeline
}

// todoRounds bounds how often one BeforeSleep lets an election advance: scheduled, asked, won.
const todoRounds = 3

// BeforeSleep advances what was put off and returns everything to do since the last call. The
// Todo is the State's own and valid until the next door is called.
func (s *State) BeforeSleep(now time.Time) *Todo {
	if s.nothingToDo() { // as mostly: a server asks after each command
		s.out.recycle()
		return s.out
	}
	for range todoRounds {
		if !s.advance(now) {
			break
		}
	}
	if s.want.state {
		s.updateState(now)
	}
	if s.want.pong {
		s.want.pong = false
		s.broadcastPong(now, everybody)
	}
	s.out, s.todo = s.todo, s.out
	s.todo.recycle()
	if s.want.save {
		s.out.Save, s.out.Sync = s.Conf(), s.want.sync || s.want.heardSync
		s.want.heard, s.want.heardSync, s.savedAt = false, false, now
	}
	s.want.save, s.want.sync = false, false
	if s.want.failover || s.want.manual {
		s.out.Wake = now
	}
	s.check()
	return s.out
}

// nothingToDo reports whether nothing was asked for since the last BeforeSleep, and no manual failover is under way.
func (s *State) nothingToDo() bool {
	w := &s.want
	asked := w.save || w.state || w.pong || w.failover || w.manual || s.manual.active()
	return !asked && s.todo.empty()
}

// advance runs the election and the manual failover when something asked for it, or while a
// manual failover waits for the last bytes of its master.
func (s *State) advance(now time.Time) bool {
	manual := s.want.manual || (s.manual.active() && !s.myself.master())
	failover := s.want.failover
	s.want.manual, s.want.failover = false, false
	if manual && !s.myself.master() {
		s.advanceManual(now)
		failover = failover || s.manual.canStart
	}
	if failover {
		s.advanceElection(now)
	}
	return s.want.manual || s.want.failover
}

// empty reports whether there is nothing to perform.
func (t *Todo) empty() bool { return len(t.Dial)+len(t.Send)+len(t.Close)+len(t.Emit) == 0 }

// recycle empties a Todo whose contents have been performed. The Send list's buffers went to the
// driver; only the lists themselves are used again.
func (t *Todo) recycle() {
	clear(t.Send)
	clear(t.Emit)
	t.Save, t.Sync, t.Wake = nil, false, time.Time{}
	t.Dial, t.Send, t.Close, t.Emit = t.Dial[:0], t.Send[:0], t.Close[:0], t.Emit[:0]
}

// save asks for nodes.conf to be written, saveSync for it to be durable as well.
func (s *State) save()     { s.want.save = true }
func (s *State) saveSync() { s.want.save, s.want.sync = true, true }

// saveState asks for nodes.conf to be written and the cluster's state to be looked at again.
func (s *State) saveState() { s.want.save, s.want.state = true, true }

// heard asks for nodes.conf to be written because of something that a node says of itself or of
// others. Nothing was promised by that, and it would be heard again; so in a large cluster, where
// the file is long and the news of its forming are a million, cron writes it now and then.
func (s *State) heard() {
	if s.nodes.len() <= manyNodes {
		s.save()
	}
	s.want.heard = true
}

// heardSync is heard for what saveSync would save, heardState for what saveState would.
func (s *State) heardSync() {
	if s.nodes.len() <= manyNodes {
		s.saveSync()
	}
	s.want.heard, s.want.heardSync = true, true
}

func (s *State) heardState() {
	s.heard()
	s.want.state = true
}

// saveHeard writes what was heard if the last writing was long enough ago.
func (s *State) saveHeard(now time.Time) {
	if s.want.heard && now.Sub(s.savedAt) >= time.Duration(s.nodes.len())*heardPerNode {
		s.save()
	}
}

// emit notes an event.
func (s *State) emit(e event.Event) { s.todo.Emit = append(s.todo.Emit, e) }
