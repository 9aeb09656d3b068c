package replication

import (
	"bytes"
	"strconv"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// The refusals of PSYNC and SYNC.
const (
	errPendingOutput   = "ERR SYNC and PSYNC are invalid with pending output"
	errNotConnected    = "NOMASTERLINK Can't SYNC while not connected with my master"
	errFilterNeedsEOF  = "ERR Filtered replica requires EOF capability"
	errFailoverMaster  = "ERR PSYNC FAILOVER can't be sent to a master."
	errFailoverUnknown = "ERR PSYNC FAILOVER replid must match my replid."
)

// Psync executes PSYNC id offset [FAILOVER] and SYNC: it makes the client one of our replicas,
// which continues where it stopped if that is possible and else is sent everything
// (syncCommand). Replies go to w; the snapshot and the stream follow through c.Out.
func (s *State) Psync(now time.Time, c *machine.Client, args [][]byte, w *resp.Writer) {
	if s.IsReplica(c) {
		return
	}
	if len(args) > 3 && bytes.EqualFold(args[3], []byte("failover")) && !s.takeOver(now, args, w) {
		return
	}
	r := s.peer(c)
	switch {
	case s.failover.state != noFailover:
		w.Error(errFailingOver)
	case s.master != nil && s.master.state != Connected:
		w.Error(errNotConnected)
	case len(w.Buf) > 0 || len(c.Out) > 0:
		w.Error(errPendingOutput)
	case r.filtered && !r.eof:
		w.Error(errFilterNeedsEOF)
	case len(args) < 3:
		r.prePsync = true
		s.beginFull(now, r, event.PsyncFull{ReplID: "?", Offset: -1, Why: event.SyncCommand})
	default:
		s.psync(now, r, args, w)
	}
}

// takeOver serves the FAILOVER word: our master hands its place to us.
func (s *State) takeOver(now time.Time, args [][]byte, w *resp.Writer) bool {
	switch {
	case s.master == nil:
		w.Error(errFailoverMaster)
		return false
	case !bytes.EqualFold(args[1], []byte(s.id)):
		w.Error(errFailoverUnknown)
		return false
	}
	s.Promote(now)
	return true
}

func (s *State) psync(now time.Time, r *replica, args [][]byte, w *resp.Writer) {
	id := string(args[1])
	n, err := strconv.ParseInt(string(args[2]), 10, 64)
	if err != nil {
		w.Error(resp.ErrNotInteger)
		return
	}
	from := Offset(n)
	why := s.refusePartial(id, from)
	if why == "" && !r.filtered {
		s.resume(now, r, id, from, w)
		return
	}
	if why == "" {
		why = event.Forced
	}
	if id == "" || id[0] != '?' {
		s.stats.SyncPartialErr++
	}
	s.beginFull(now, r, event.PsyncFull{ReplID: id[:min(len(id), idLength)], Offset: n, Why: why})
}

// refusePartial says why a replica cannot continue with the byte from of history id, or nothing
// when it can (masterTryPartialResynchronization).
func (s *State) refusePartial(id string, from Offset) event.Reason {
	if why := s.knows(id, from); why != "" {
		return why
	}
	switch {
	case s.log == nil:
		return event.NoBacklog
	case !s.log.has(from):
		return event.OutOfBacklog
	}
	return ""
}

// resume lets a replica continue with the byte from. It learns our present id by that, if it
// understands it.
func (s *State) resume(now time.Time, r *replica, id string, from Offset, w *resp.Writer) {
	s.stats.SyncPartialOK++
	if r.psync2 {
		w.Status("CONTINUE " + s.id)
	} else {
		w.Status("CONTINUE")
	}
	r.cursor = from
	if s.cfg.Mutants.BacklogOffByOne {
		r.cursor = max(from-1, s.log.first)
	}
	r.came = Sync{At: now, Offset: from, Bytes: int64(s.log.next - from)}
	s.attach(r)
	s.emit(event.PsyncPartial{Replica: r.name(), ReplID: id, Offset: int64(from), Bytes: int64(s.log.next - from)})
	s.goOnline(now, r)
}

// goOnline lets a replica follow the stream from its cursor.
func (s *State) goOnline(now time.Time, r *replica) {
	r.state, r.ackTime = Online, now
	s.emit(event.ReplicaOnline{Replica: r.name(), Offset: int64(r.cursor - 1)})
	s.countGood(now)
}
