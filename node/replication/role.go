package replication

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// ReplicaOf executes REPLICAOF and SLAVEOF. The server refuses them in cluster mode first.
func (s *State) ReplicaOf(now time.Time, c *machine.Client, args [][]byte, w *resp.Writer) {
	if s.failover.state != noFailover {
		w.Error(errReplicaOfNow)
		return
	}
	if bytes.EqualFold(args[1], []byte("no")) && bytes.EqualFold(args[2], []byte("one")) {
		s.Promote(now)
		w.OK()
		return
	}
	port, err := strconv.Atoi(string(args[2]))
	switch host := string(args[1]); {
	case s.IsReplica(c):
		w.Error("ERR Command is not valid when client is a replica.")
	case err != nil || port < 0 || port > 65535:
		w.Error("ERR Invalid master port")
	case s.follows(host, port):
		w.Status("OK Already connected to specified master")
	default:
		s.SetMaster(now, host, port)
		w.OK()
	}
}

func (s *State) follows(host string, port int) bool {
	return s.master != nil && strings.EqualFold(s.master.host, host) && s.master.port == port
}

// SetMaster makes the node a replica of host:port, or of another master than before. Its data and
// its history stay until a full synchronisation replaces them: the new master may let it continue
// (replicationSetMaster).
func (s *State) SetMaster(now time.Time, host string, port int) {
	s.host.UnblockClients(now)
	resumable := true // a master continues its own history, whose stream it has produced itself
	if old := s.master; old != nil {
		if old.state == Connected {
			s.linkFailed(event.MasterSwitched, "")
		}
		s.cancelLoad(now)
		s.closeLink(now)
		resumable = old.resumable
	}
	s.master = &master{host: host, port: port, state: Connect, resumable: resumable, db: s.dbToResume()}
	s.emit(event.ReplicaOf{Master: s.master.name()})
	s.dial(now)
}

// dbToResume is the database in which a continued stream goes on: where the last master's stream
// stood, or unknown behind our own, whose continuation begins with SELECT.
func (s *State) dbToResume() int {
	if s.master == nil {
		return -1
	}
	return s.master.db
}

// Promote makes the node a master that continues the history it has, under a new name: its old
// siblings and its old master may go on from here if they have nothing that it has not
// (replicationUnsetMaster).
func (s *State) Promote(now time.Time) {
	if s.master == nil {
		return
	}
	s.cancelLoad(now)
	s.closeLink(now)
	s.master = nil
	if !s.cfg.Mutants.ReplidKeptOnPromote {
		s.shiftIdentity(s.newID(), event.BecameMaster)
	}
	s.dropReplicas(now, event.IdentityChanged)
	s.streamDB = -1
	s.aloneSince = now
	s.downSince = time.Time{}
	s.emit(event.MasterMode{ReplID: s.id, ReplID2: s.id2, Second: int64(s.second)})
}

// Role answers ROLE.
func (s *State) Role(w *resp.Writer) {
	if s.master != nil {
		w.Array(5)
		w.BulkString("slave")
		w.BulkString(s.master.host)
		w.Int(int64(s.master.port))
		w.BulkString(s.master.state.String())
		if s.master.state == Connected {
			w.Int(int64(s.offset))
		} else {
			w.Int(-1)
		}
		return
	}
	w.Array(3)
	w.BulkString("master")
	w.Int(int64(s.offset))
	online := 0
	for _, r := range s.replicas {
		if r.state == Online {
			online++
		}
	}
	w.Array(online)
	for _, r := range s.replicas {
		if r.state == Online {
			host, port := r.address()
			w.Array(3)
			w.BulkString(host)
			w.BulkInt(int64(port))
			w.BulkInt(int64(r.ack))
		}
	}
}
