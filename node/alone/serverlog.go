package alone

import (
	"strings"

	"clusterplay/node"
	"clusterplay/node/event"
)

// told writes what a server tells to its log, in Redis' sentences where it has some.
func (s *serverProcess) told(stamped node.Stamped) {
	switch e := stamped.Event.(type) {
	case event.ReplicaOf:
		s.say(markNotice, "Connecting to MASTER %s", e.Master)
		s.replica.Store(true)
	case event.MasterMode:
		s.say(markNotice, "Setting secondary replication ID to %s, valid up to offset: %d. New replication ID is %s", e.ReplID2, e.Second, e.ReplID)
		s.replica.Store(false)
		s.say(markNotice, "MASTER MODE enabled")
	case event.PsyncFull, event.PsyncPartial, event.ReplicaOnline, event.ReplicaLost:
		s.toldOfReplica(e)
	case event.MasterLinkUp, event.MasterLinkDown, event.SyncStart, event.SyncDone:
		s.toldOfMaster(e)
	case event.Failover:
		s.toldOfFailover(e)
	default:
		s.toldOfCluster(e)
	}
}

// toldOfCluster writes what a node of a cluster tells; what Redis has no sentence for is verbose.
func (s *serverProcess) toldOfCluster(e event.Event) {
	if epoch, is := e.(event.Epoch); is && epoch.Reason == "elected" {
		s.say(markWarning, "Failover election won: I'm the new master.")
	}
	if mark, line, said := clusterLine(e); said {
		s.say(mark, "%s", line)
		return
	}
	s.say(markVerbose, "%s", e.Describe())
}

// toldOfReplica writes what a master sees of its replicas.
func (s *serverProcess) toldOfReplica(e event.Event) {
	switch e := e.(type) {
	case event.PsyncFull:
		s.say(markNotice, "Replica %s asks for synchronization", e.Replica)
		switch e.Why {
		case event.Forced, event.SyncCommand:
			s.say(markNotice, "Full resync requested by replica %s", e.Replica)
		case event.UnknownReplID:
			s.say(markNotice, "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '%s')", e.ReplID)
		default:
			s.say(markNotice, "Unable to partial resync with replica %s for lack of backlog (Replica request was: %d).", e.Replica, e.Offset)
		}
	case event.PsyncPartial:
		s.say(markNotice, "Replica %s asks for synchronization", e.Replica)
		s.say(markNotice, "Partial resynchronization request from %s accepted. Sending %d bytes of backlog starting from offset %d.",
			e.Replica, e.Bytes, e.Offset)
	case event.ReplicaOnline:
		s.say(markNotice, "Synchronization with replica %s succeeded", e.Replica)
	case event.ReplicaLost:
		switch e.Why {
		case event.ReplicaTimeout:
			s.say(markWarning, "Disconnecting timedout replica (streaming sync): %s", e.Replica)
			return
		case event.FullSyncTimeout:
			s.say(markWarning, "Disconnecting timedout replica (full sync): %s", e.Replica)
			return
		}
		s.say(markWarning, "Connection with replica %s lost.", e.Replica)
	}
}

// toldOfMaster writes what a replica sees of its master.
func (s *serverProcess) toldOfMaster(e event.Event) {
	switch e := e.(type) {
	case event.MasterLinkUp:
		s.linked = true
		if e.Partial {
			s.say(markNotice, "Successful partial resynchronization with master.")
			s.say(markNotice, "MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.")
			return
		}
		s.say(markNotice, "MASTER <-> REPLICA sync: Finished with success")
	case event.MasterLinkDown:
		linked := s.linked
		s.linked = false
		switch e.Why {
		case event.MasterHungUp:
			s.say(markWarning, "Connection with master lost.")
		case event.MasterTimeout:
			if !linked {
				s.say(markWarning, "Timeout connecting to the MASTER...")
				return
			}
			s.say(markWarning, "MASTER timeout: no data nor PING received...")
		case event.MasterRefused:
			if strings.HasPrefix(e.Detail, "-WRONGPASS") || strings.HasPrefix(e.Detail, "-NOAUTH") {
				s.say(markWarning, "Unable to AUTH to MASTER: %s", e.Detail)
				return
			}
			s.say(markWarning, "%s", e.Describe())
		default:
			s.say(markWarning, "%s", e.Describe())
		}
	case event.SyncStart:
		where := "to disk"
		if e.Parsed {
			where = "to parser"
		}
		if e.Bytes < 0 {
			s.say(markNotice, "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF %s", where)
			return
		}
		s.say(markNotice, "MASTER <-> REPLICA sync: receiving %d bytes from master %s", e.Bytes, where)
	case event.SyncDone:
		s.say(markVerbose, "%s", e.Describe())
	}
}

// toldOfFailover writes the steps of a FAILOVER.
func (s *serverProcess) toldOfFailover(e event.Failover) {
	switch {
	case e.Step == event.FailoverWaits:
		s.say(markNotice, "FAILOVER requested to %s.", e.Target)
	case e.Why == event.FailoverForced:
		s.say(markNotice, "Failover to %s time out exceeded, failing over.", e.Target)
	case e.Step == event.FailoverAborted && e.Why == event.MasterRefused:
		s.say(markWarning, "Failover target rejected psync request")
		s.say(markNotice, "Aborting failover: %s", e.Why)
	case e.Step == event.FailoverAborted:
		s.say(markNotice, "Aborting failover: %s", e.Why)
	default:
		s.say(markNotice, "Failover %s", e.Describe())
	}
}
