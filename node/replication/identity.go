package replication

import (
	"strings"
	"time"

	"clusterplay/node/event"
)

// idLength is the length of a replication id.
const idLength = 40

// noID stands for "no former history".
const noID = "0000000000000000000000000000000000000000"

// identity names the history of the data: "after byte offset of the stream id", which up to second
// was also called id2.
type identity struct {
	id     string
	id2    string
	second Offset // the first byte that is not shared with id2, -1 without id2
	offset Offset
}

// newID draws a replication id.
func (s *State) newID() string {
	var b [idLength]byte
	for i := range b {
		b[i] = "0123456789abcdef"[s.rng.IntN(16)]
	}
	return string(b[:])
}

// shiftIdentity makes id the name of our history; what we have so far is still known by the old
// name (shiftReplicationId).
func (s *State) shiftIdentity(id string, why event.Reason) {
	old := s.id
	s.id2, s.id = old, id
	s.second = s.offset + 1
	if s.cfg.Mutants.SecondOffsetPlusOne {
		s.second++
	}
	s.emit(event.ReplIDChanged{Old: old, New: id, Offset: int64(s.offset), Why: why})
}

// replaceIdentity makes id the name of our history and forgets every former name.
func (s *State) replaceIdentity(id string, offset Offset, why event.Reason) {
	old := s.id
	s.identity = identity{id: id, id2: noID, second: -1, offset: offset}
	if old != id {
		s.emit(event.ReplIDChanged{Old: old, New: id, Offset: int64(offset), Why: why})
	}
}

// knows reports whether the history called id is ours up to the byte before from, or why not.
func (s *State) knows(id string, from Offset) event.Reason {
	switch {
	case id == "?":
		return event.Forced
	case strings.EqualFold(id, s.id):
		return ""
	case !strings.EqualFold(id, s.id2) || s.id2 == noID:
		return event.UnknownReplID
	case from > s.second:
		return event.ReplID2TooFar
	}
	return ""
}

// ForgetHistory says that the data of this node has nothing to do with the shard it is joining:
// its offset must not be compared with that of others, nor its stream continued. The server calls
// it when a replica is pointed at a master of another shard. Data stay until the next full
// synchronisation.
func (s *State) ForgetHistory(now time.Time) {
	if s.cfg.Mutants.StaleHistoryKept {
		return
	}
	s.dropReplicas(now, event.HistoryForgotten)
	s.freeBacklog(event.HistoryForgotten)
	s.replaceIdentity(s.newID(), 0, event.HistoryForgotten)
	s.grounded = false
	if m := s.master; m != nil {
		m.resumable = false
	}
}

// HasHistory reports whether the data belong to a history others know: the node has synced with a
// master, or its snapshot says which history it holds, or it had replicas of its own. A node that
// was born empty, was pointed at another shard, or is in the middle of loading has none.
func (s *State) HasHistory() bool { return s.grounded }

// ChangeID gives the node a new history at its present offset, as DEBUG CHANGE-REPL-ID does.
func (s *State) ChangeID() {
	s.replaceIdentity(s.newID(), s.offset, event.Forced)
}
