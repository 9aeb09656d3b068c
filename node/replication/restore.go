package replication

import "time"

// Aux is the identity a snapshot carries (repl-stream-db, repl-id, repl-offset), so that a node can
// go on with its history after a restart.
type Aux struct {
	StreamDB int
	ReplID   string
	Offset   Offset
}

// Aux returns the identity to write into a snapshot taken now; ok is false when it has none worth
// keeping (rdbPopulateSaveInfo).
func (s *State) Aux() (aux Aux, ok bool) {
	aux = Aux{ReplID: s.id, Offset: s.offset}
	switch {
	case s.master == nil:
		aux.StreamDB = max(s.streamDB, 0)
		return aux, s.log != nil
	case s.master.state == Connected || s.master.resumable:
		aux.StreamDB = max(s.master.db, 0)
		return aux, true
	}
	return Aux{}, false
}

// RestoreReplica is Restore for a cluster's replica, whose master is named later by SetMaster.
func (s *State) RestoreReplica(aux Aux) {
	if aux.valid() {
		s.identity = identity{id: aux.ReplID, id2: noID, second: -1, offset: aux.Offset}
		s.grounded = true
	}
}

// valid reports whether a is a whole identity.
func (a Aux) valid() bool {
	return len(a.ReplID) == idLength && a.Offset.believable() && a.StreamDB >= 0
}

// Restore takes over the identity found in the snapshot with which a node is born. A node that is
// configured to follow host:port will ask to continue there; pass an empty host for a master,
// which begins a new history that continues the old one. What a master then deletes because it
// has expired in the meantime is fed as usual.
func (s *State) Restore(now time.Time, aux Aux, host string, port int) {
	valid := aux.valid()
	switch {
	case host != "":
		s.RestoreReplica(aux)
		s.master = &master{host: host, port: port, state: Connect, resumable: valid, db: aux.StreamDB}
		s.dial(now)
	case valid:
		s.identity = identity{id: s.id, id2: aux.ReplID, second: aux.Offset + 1, offset: aux.Offset}
		s.createBacklog()
		s.aloneSince = now
	}
}
